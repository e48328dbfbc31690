import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { runStorm } from '@oomwatcher/test/storm';
import { buildFlood } from './build-native.ts';

export type RingContent = 'unrelated records' | 'OOM reports';

/** More than any default ring holds (4,096 records of 32 bytes in 128 KiB). */
const unrelatedRecords = 6000;

/** The kernel prints 10 reports in 5 s (mm/oom_kill.c, oom_rs), each of about 80 records. */
const reportsPerWindow = 10;
const windowMs = 5100;
const windows = 4;

/** Fills the kernel's ring with one kind of content, so that every contender reads the same. */
export async function fillRing(content: RingContent): Promise<void> {
  if (content === 'unrelated records') {
    execFileSync(buildFlood(), [String(unrelatedRecords), '1']);
    return;
  }
  for (let window = 0; window < windows; window++) {
    await runStorm({ kills: reportsPerWindow, cgroups: 2, parallel: 2 });
    await sleep(windowMs);
  }
}
