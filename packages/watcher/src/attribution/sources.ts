import type { NodeFacts } from '../node/node.js';
import { CounterPlaces, type CounterReading } from './counter-places.js';
import type { KernelWitness } from './kernel-witness.js';
import type { KnownCounts } from './known-counts.js';
import { LostKills } from './lost-kills.js';
import { readCgroupKills } from './oom-counters.js';
import type { PlaceSource } from './place-source.js';
import { VictimFiles } from './victim-files.js';

/** The sources of places that this node has, the surest first. A new one is a file and a line here. */
export function openSources(
  node: NodeFacts,
  reading: CounterReading,
  witness: KernelWitness | undefined,
  counts?: KnownCounts,
): PlaceSource[] {
  // What the kernel tells itself needs neither a race for /proc nor the counters of every cgroup.
  if (witness !== undefined) {
    const { bootId, hierarchy } = node;
    const readCounters = hierarchy && (() => readCgroupKills(hierarchy));
    return [bootId === undefined ? witness : witness.on(bootId, reading, readCounters)];
  }
  const sources: PlaceSource[] = [new VictimFiles(node)];
  const before = counts?.bootId === node.bootId ? counts : undefined;
  const counters =
    node.hierarchy === undefined ? undefined : CounterPlaces.open(node.hierarchy, reading, before);
  if (counters !== undefined) {
    sources.push(counters);
    if (node.bootId !== undefined) sources.push(new LostKills(counters, node.bootId, reading));
  }
  return sources;
}
