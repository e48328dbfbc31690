import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { runStorm } from '@oomwatcher/test/storm';

/** More than any default ring holds (4,096 records of 32 bytes in 128 KiB). */
const unrelatedRecords = 6000;

/** The kernel prints 10 reports in 5 s (mm/oom_kill.c, oom_rs), each of about 80 records. */
const reportsPerWindow = 10;
const windowMs = 5100;
const windows = 4;

/** Fills the kernel's ring with one kind of content, so that every contender reads the same. */
export async function fillRing(content: 'unrelated records' | 'OOM reports'): Promise<void> {
  if (content === 'unrelated records') {
    for (let i = 0; i < unrelatedRecords; i++) writeRecord(`link ${i}`);
    return;
  }
  for (let window = 0; window < windows; window++) {
    await runStorm({ kills: reportsPerWindow, cgroups: 2, parallel: 2 });
    await sleep(windowMs);
  }
}

/** One open file a record: the kernel limits the writes of an open file to 10 in 5 s (printk_devkmsg=ratelimit). */
function writeRecord(text: string): void {
  const fd = openSync('/dev/kmsg', constants.O_WRONLY);
  writeSync(fd, `<6>${text}\n`);
  closeSync(fd);
}
