/** So many passes of the parser over a capture, to be counted: `node parser-passes.cjs CAPTURE PASSES`. */
import { readFileSync } from 'node:fs';
import * as kmsg from '@oomwatcher/kmsg';
import * as oom from '@oomwatcher/oom';
import { replayPass } from '../replay/replay-pass.ts';

const [file, passes] = process.argv.slice(2);
const packages = { ...kmsg, ...oom };
const capture = readFileSync(file as string);

async function run(): Promise<void> {
  let records = 0;
  for (let pass = 0; pass < Number(passes); pass++) {
    records += (await replayPass(packages, capture)).records;
  }
  console.log(records);
}

void run();
