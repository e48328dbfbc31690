const listed = (pods: string[], more: number) =>
  `${pods.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
const ofOthers = (told: number, count: number) => {
  const all = count === 1 ? 'the other pod of the node' : `the ${count} other pods of the node`;
  return told === count ? all : `the ${told} biggest of ${all}`;
};

/** Pods of a node that ran out of memory, the victim's own not among them. */
export const otherPodsEnglish = {
  title: (told: number, count: number, afterMs: number) =>
    `${ofOthers(told, count)}, ${afterMs < 1000 ? 'at the kill' : `${Math.round(afterMs / 1000)} s after the kill`}, without page cache`,
  noLimit: 'no limit',
  limit: (limit: string) => `limit ${limit}`,
  noRequest: 'requests none',
  request: (request: string, over: string | undefined) =>
    over === undefined ? `requests ${request}` : `${over} more than its request of ${request}`,
  pod: (name: string, facts: string) => `${name} (${facts})`,
  withoutLimit: (pods: string[], more: number, told: number, count: number) =>
    `Give a memory limit to ${listed(pods, more)}. Looked at: ${ofOthers(told, count)}.`,
  overRequest: (pods: string[], more: number, told: number, count: number) =>
    `Raise the request of ${listed(pods, more)}, or find what made it grow. Looked at: ${ofOthers(told, count)}.`,
};
