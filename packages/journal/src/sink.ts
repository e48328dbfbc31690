/**
 * Something outside that is to have every kill: a small controller that makes the other side equal to the journal. It
 * has its own cursor, back-off and bounds, and no sink can slow the reader or another sink.
 */
export interface Sink {
  /** `kubernetes`, `otlp` and so on. */
  readonly name: string;
  /** Never throws for what the other side does. */
  start(): void;
  /** The journal has changed. Never blocks, never throws. */
  wake(): void;
  health(): SinkHealth;
  /** Within 5 s, whatever the other side does. */
  stop(): Promise<void>;
}

export interface SinkHealth {
  ok: boolean;
  /** Why not, in one sentence with the remedy. */
  reason?: string;
  /** Kills in the journal that the other side has not got yet. */
  lag: number;
  /** Since the start. */
  failures: number;
  /** Kills that the journal forgot before the other side got them, since the start. */
  skipped: number;
  /** Kills that the other side will never get: it refused them for good, or for too long. Since the start. */
  givenUp?: number;
  lastSuccessMs?: number;
  /** When the oldest of the kills that wait was recorded. */
  oldestPendingMs?: number;
}
