import { OomMachine } from '@oomwatcher/oom';
import type { History } from './history.js';
import type { NodeFacts } from './node/node.js';
import { oomGroups } from './node/oom-groups.js';
import { pageSizeKiB } from './node/page-size.js';
import type { WatchOptions } from './options.js';

/** @param node undefined: a capture is read */
export function openMachine(
  options: WatchOptions,
  node: NodeFacts | undefined,
  history: History,
): OomMachine {
  const asksForGroup = node?.hierarchy === undefined ? undefined : oomGroups(node.hierarchy);
  return new OomMachine({
    ...(node?.bootId !== undefined && { bootId: node.bootId }),
    pageSizeKiB: pageSizeKiB(),
    // What the node says today is not true of a kill that was in the log at the start, and costs reads for each.
    ...(asksForGroup !== undefined && {
      killsGroup: (cgroup) => (history.isLive ? asksForGroup(cgroup) : undefined),
    }),
    keepsReports: options.reports === true,
    live: node !== undefined,
  });
}
