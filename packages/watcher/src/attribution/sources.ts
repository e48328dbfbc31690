import type { NodeFacts } from '../node/node.js';
import { CounterPlaces } from './counter-places.js';
import type { KernelWitness } from './kernel-witness.js';
import type { ReadingState } from './last-count.js';
import { LostKills } from './lost-kills.js';
import { readCgroupKills } from './oom-counters.js';
import type { PlaceSource } from './place-source.js';
import { VictimFiles } from './victim-files.js';

/** The sources of places that this node has, the surest first. A new one is a file and a line here. */
export function openSources(
  node: NodeFacts,
  reading: ReadingState,
  witness: KernelWitness | undefined,
): PlaceSource[] {
  // What the kernel tells itself needs neither a race for /proc nor the counters of every cgroup.
  if (witness !== undefined) {
    const { bootId, hierarchy } = node;
    const readCounters = hierarchy && (() => readCgroupKills(hierarchy));
    return [bootId === undefined ? witness : witness.on(bootId, reading, readCounters)];
  }
  const sources: PlaceSource[] = [new VictimFiles(node)];
  const counters = node.hierarchy === undefined ? undefined : CounterPlaces.open(node.hierarchy);
  if (counters !== undefined) {
    sources.push(counters);
    if (node.bootId !== undefined) sources.push(new LostKills(counters, node.bootId, reading));
  }
  return sources;
}
