/**
 * What recording the minutes before a kill costs: `node src/memory-recorder.ts [seconds] [cgroups...]`. So many empty memory
 * cgroups with a limit are made, a recorder samples them, and its thread's processor time is taken. Needs root.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { FlightRecorder } from '@oomwatcher/watcher';
import { LimitedCgroups } from './support/limited-cgroups.ts';

/** The first look at all cgroups, and the first windows in which the recorder finds its pace. */
const settlingMs = 12_000;

const [seconds = 20, ...counts] = process.argv.slice(2).map(Number);

for (const count of counts.length > 0 ? counts : [500, 5000]) {
  using cgroups = new LimitedCgroups(count);
  const beforeBytes = process.memoryUsage().rss;
  const startMs = performance.now();
  const { recorder, reason } = FlightRecorder.open();
  if (recorder === undefined) throw new Error(reason);
  while (recorder.stats().cgroups < cgroups.count) await sleep(10);
  const foundMs = performance.now() - startMs;
  const firstCpuMs = threadCpuNs('oomw-memory') / 1e6;
  await sleep(settlingMs);
  const [fromNs, fromMs, before] = [
    threadCpuNs('oomw-memory'),
    performance.now(),
    recorder.stats(),
  ];
  await sleep(seconds * 1000);
  const tookMs = performance.now() - fromMs;
  const share = (threadCpuNs('oomw-memory') - fromNs) / 1e6 / tookMs;
  const after = recorder.stats();
  const each = (what: 'looks' | 'samples') =>
    (((after[what] - before[what]) / after.cgroups) * (60_000 / tookMs)).toFixed(1);
  const residentMiB = (process.memoryUsage().rss - beforeBytes) / 1024 ** 2;
  console.log(
    [
      `${after.cgroups} cgroups: ${(share * 100).toFixed(3)} % of a core`,
      `stretched ${after.stretch.toFixed(2)} times`,
      `${each('looks')} looks and ${each('samples')} samples a minute each`,
      `found in ${foundMs.toFixed(0)} ms (${firstCpuMs.toFixed(0)} ms of processor time)`,
      `samples take ${(after.heldBytes / 1024).toFixed(0)} KiB, resident memory grew by ${residentMiB.toFixed(1)} MiB`,
    ].join(', '),
  );
  recorder.close();
}

function threadCpuNs(name: string): number {
  for (const thread of readdirSync('/proc/self/task')) {
    const folder = `/proc/self/task/${thread}`;
    if (readFileSync(`${folder}/comm`, 'latin1').trim() !== name) continue;
    return Number(readFileSync(`${folder}/schedstat`, 'latin1').split(' ')[0]);
  }
  return 0;
}
