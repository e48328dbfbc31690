import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { command } from '../support/paths.ts';

/** The kernel prints ten reports in 5 s. */
const reportWindowMs = 5200;

/** Others on this machine cause kills too, and use the reports up. */
const maxWithheld = 20;

const withheld = /withheld the report|report is missing|has no report/;

/** What `oomwatcher demo` shows on a terminal, line by line, with the kernel's whole report. Needs what the demo needs. */
export async function demoLines(): Promise<string[]> {
  for (let attempt = 0; attempt < maxWithheld; attempt++) {
    const lines = await run();
    if (!lines.some((line) => withheld.test(line))) return lines;
    await sleep(reportWindowMs);
  }
  throw new Error(`the kernel withheld ${maxWithheld} reports: who else causes OOM kills here?`);
}

async function run(): Promise<string[]> {
  const child = spawn(command, ['demo'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FORCE_COLOR: '1', NO_COLOR: undefined },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`oomwatcher demo ended with ${code}:\n${text}`);
  return text.trimEnd().split('\n');
}
