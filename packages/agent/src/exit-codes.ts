/** What the command's exit says to scripts. */
export const ExitCode = {
  ok: 0,
  failure: 1,
  usage: 2,
  /** This node does not allow what was asked: a missing device, capability or mount. */
  notAllowed: 3,
} as const;
