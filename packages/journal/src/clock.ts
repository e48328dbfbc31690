/** Both clocks of the machine, so that a test can move one. Waiting is measured by the one that nobody sets. */
export interface Clock {
  /** Milliseconds since the epoch, as somebody has set it. */
  wallMs(): number;
  /** Milliseconds since any moment; never set, never back. */
  monotonicMs(): number;
}

export const machineClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
