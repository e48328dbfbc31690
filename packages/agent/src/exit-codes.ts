/** What the command's exit says to scripts. */
export const ExitCode = {
  ok: 0,
  failure: 1,
  usage: 2,
  /** This node does not allow what was asked: a missing device, capability or mount. */
  notAllowed: 3,
  /** Node's heap has reached its limit. Without the addon it is 134, which is Node's own. */
  outOfMemory: 4,
} as const;
