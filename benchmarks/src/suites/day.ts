/**
 * "24 hours compressed": a storm of replayed kills through the watcher, its resident memory sampled on the way. A process
 * of its own: `node day.ts KILLS`; prints one JSON object. The storm comes from another one: `node day.ts KILLS FIFO`.
 */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { watch } from '@oomwatcher/watcher';
import { stormChunks } from '../replay/replay-storm.ts';
import { median } from '../support/statistics.ts';

export interface DayResult {
  kills: number;
  given: number;
  seconds: number;
  /** Resident memory, the median of each tenth. */
  tenthsMiB: number[];
  /** The last tenth against the second. */
  growth: number;
}

const samplesPerTenth = 20;

if (process.argv[1] === import.meta.filename) {
  const [kills, pipe] = process.argv.slice(2);
  if (pipe === undefined) console.log(JSON.stringify(await day(Number(kills ?? 1_000_000))));
  else await write(pipe, Number(kills));
}

async function day(kills: number): Promise<DayResult> {
  const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-day-'));
  const pipe = join(folder, 'capture');
  execFileSync('mkfifo', [pipe]);
  try {
    const start = performance.now();
    const writer = spawn(process.execPath, [import.meta.filename, String(kills), pipe], {
      stdio: 'inherit',
    });
    const written = once(writer, 'close');
    const samples: number[] = [];
    let given = 0;
    for await (const _kill of watch({ capture: pipe })) {
      if (++given % Math.ceil(kills / (10 * samplesPerTenth)) === 0) {
        samples.push(process.memoryUsage.rss() / 1024 ** 2);
      }
    }
    await written;
    const tenth = Math.floor(samples.length / 10);
    const tenthsMiB = Array.from({ length: 10 }, (_, i) =>
      median(samples.slice(i * tenth, (i + 1) * tenth)),
    );
    return {
      kills,
      given,
      seconds: (performance.now() - start) / 1000,
      tenthsMiB,
      growth: (tenthsMiB[9] as number) / (tenthsMiB[1] as number) - 1,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Through a FIFO: the capture is a gigabyte and is nowhere. */
async function write(pipe: string, kills: number): Promise<void> {
  const out = createWriteStream(pipe);
  for (const chunk of stormChunks({ kills, reportEvery: 20, tasks: 10, unrelated: 3 })) {
    if (!out.write(chunk, 'latin1')) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}
