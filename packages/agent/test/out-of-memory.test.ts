import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { builtAddon, builtAgent, needs } from '../../../test/support/needs.ts';
import { openJournal } from '../../journal/test/support/journals.js';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';

const command = join(import.meta.dirname, '../bin/oomwatcher.cjs');
const kills = 500;

/** Put before the command's own code: memory that nobody gives back, when the file is there. */
const leak = (file: string) => `
setInterval(() => {
  if (!require('node:fs').existsSync(${JSON.stringify(file)})) return;
  for (const kept = []; ; ) kept.push({ more: [Math.random()] });
}, 20).unref();
`;

needs(builtAgent, builtAddon).test(
  'a heap at its limit ends the agent by one sentence and exit code 4, and the journal has all that was told',
  async () => {
    const folder = temporaryFolder();
    const [log, preload, begin] = ['log', 'leak.cjs', 'begin'].map((name) => join(folder, name));
    writeFileSync(preload as string, leak(begin as string));
    expect(spawnSync('mkfifo', [log as string]).status).toBe(0);
    const child = spawn(
      command,
      ['run', '--json', '--source', log as string, '--state-dir', folder, '--listen', 'none'],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, NODE_OPTIONS: `--max-old-space-size=64 --require=${preload}` },
      },
    );
    onTestFinished(() => void child.kill('SIGKILL'));
    const output = { out: '', err: '' };
    child.stdout?.on('data', (chunk) => {
      output.out += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      output.err += chunk;
    });
    const writer = createWriteStream(log as string).on('error', () => {});
    for (let i = 1; i <= kills + 1; i++)
      writer.write(`3,${i},${i},-;Out of memory: Killed process ${i} (a) total-vm:1kB\n`);
    const told = () => output.out.split('\n').filter((line) => line !== '').length;
    await expect.poll(told).toBeGreaterThanOrEqual(kills);
    writeFileSync(begin as string, '');
    const [code, signal] = await once(child, 'close');
    writer.destroy();
    expect([code, signal]).toEqual([4, null]);
    const last = output.err.trimEnd().split('\n').at(-1);
    expect(last).toMatch(
      /^oomwatcher: the agent needs more memory than Node's heap may have \(\d+ MiB\): give its cgroup more memory.*in its journal$/,
    );
    expect(output.err).not.toMatch(/FATAL|stack trace|Mark-Compact/);
    const journal = openJournal(folder);
    expect(journal.after(0, 10_000)).toHaveLength(told());
    expect(journal.store.leftOut).toBe(0);
  },
);
