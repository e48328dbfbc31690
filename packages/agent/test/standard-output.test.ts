import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { fullDevice, needs, terminal } from '../../../test/support/needs.ts';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { temporaryFile } from './support/temporary.js';

/** Runs what uses standard output in a process of its own, whose reader this test is. */
function run(body: string, stdout: 'pipe' | number = 'pipe') {
  const source = join(import.meta.dirname, '../src/output/standard-output.ts');
  const script = temporaryFile(`import { standardOutput } from '${source}';\n${body}`, 'run.mts');
  const child = spawn(process.execPath, [script], { stdio: ['ignore', stdout, 'pipe'] });
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  return { child, stderr: () => stderr };
}

const writeMuch = `
for (let i = 0; i < 400 && !standardOutput.closed; i++) {
  standardOutput.writeLine('x'.repeat(65536));
  await standardOutput.drained();
}
console.error(standardOutput.closed, standardOutput.failure?.code);
`;

test('a reader that is slow is waited for, without a listener left behind for each wait', async () => {
  const { child, stderr } = run(writeMuch);
  let read = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    read += chunk.length;
  });
  await once(child, 'close');
  expect(read).toBe(400 * 65537);
  expect(stderr()).toBe('false undefined\n');
});

test('a reader that goes away ends the writing and is no failure', async () => {
  const { child, stderr } = run(writeMuch);
  const reader = child.stdout as Readable;
  await once(reader, 'readable');
  await sleep(50);
  reader.destroy();
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  expect(stderr()).toBe('true undefined\n');
});

needs(fullDevice).test('a full disk is kept as a failure, and ends the writing', async () => {
  const full = openSync('/dev/full', 'w');
  const { child, stderr } = run(writeMuch, full);
  const [code] = await once(child, 'close');
  closeSync(full);
  expect(code).toBe(0);
  expect(stderr()).toBe('true ENOSPC\n');
});

needs(fullDevice).test(
  'a command whose few lines a full disk did not take is a failure, not an empty success',
  () => {
    const full = openSync('/dev/full', 'w');
    const command = join(import.meta.dirname, '../bin/oomwatcher.cjs');
    const { status, stderr } = spawnSync(command, ['completion', 'bash'], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect(stderr).toMatch(/^oomwatcher: cannot write to standard output \(ENOSPC.*\n$/);
    expect(status).toBe(1);
  },
);

test('a reader that hangs costs a bounded queue, is reported, and does not keep a command from ending', async () => {
  const { child, stderr } = run(`
standardOutput.onLeftOut((lines) => console.error('left out', lines > 0));
for (let i = 0; i < 1000; i++) standardOutput.writeLine('x'.repeat(65536));
console.error('waiting', process.stdout.writableLength < 9 * 1024 * 1024);
standardOutput.hurry();
await standardOutput.settled();
process.exit();
`);
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  expect(stderr()).toBe('waiting true\nleft out true\n');
});

test('an agent whose output nobody reads ends on SIGTERM', async () => {
  const command = join(import.meta.dirname, '../bin/oomwatcher.cjs');
  const line = (seq: number) =>
    `3,${seq},${seq},-;Out of memory: Killed process ${seq} (a) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB\n`;
  const log = temporaryFile(Array.from({ length: 3000 }, (_, i) => line(i + 1)).join(''));
  const child = spawn(
    command,
    ['run', '--json', '--source', log, '--state-dir', temporaryFolder(), '--listen', 'none'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  await once(child.stderr, 'data');
  await sleep(500);
  child.kill('SIGTERM');
  const [code, signal] = await once(child, 'exit');
  expect([code, signal]).toEqual([0, null]);
});

/** A terminal whose reader has stopped, as by Ctrl-S: `script` keeps one, and nobody reads what it writes. */
const stopped: [what: string, redirection: string][] = [
  ['standard output', '2>/dev/null'],
  ['standard output and standard error', ''],
];
for (const [what, redirection] of stopped) {
  needs(terminal).test(
    `an agent whose ${what} is a terminal that takes nothing ends on SIGTERM`,
    async () => {
      const command = join(import.meta.dirname, '../bin/oomwatcher.cjs');
      const folder = temporaryFolder();
      const log = join(folder, 'log');
      const line = (seq: number) =>
        `3,${seq},${seq},-;Out of memory: Killed process ${seq} (a) total-vm:1kB\n`;
      writeFileSync(log, Array.from({ length: 5000 }, (_, i) => line(i + 1)).join(''));
      const agent = `'${command}' run --source '${log}' --state-dir '${folder}' --listen none`;
      const shell = `${agent} ${redirection} </dev/null & echo $! >'${folder}/pid'; wait $!; echo $? >'${folder}/code'`;
      const terminal = spawn('script', ['-q', '-e', '-c', shell, '/dev/null'], {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, SHELL: '/bin/sh' },
      });
      onTestFinished(() => void terminal.kill('SIGKILL'));
      await once(terminal.stdout, 'readable');
      const read = (name: string) =>
        existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8').trim() : '';
      // Until it goes on with nothing: the terminal is full.
      const written = () =>
        readFileSync(`/proc/${read('pid')}/io`, 'utf8').match(/^wchar: .*$/m)?.[0];
      for (let before: string | undefined; before !== written(); await sleep(300))
        before = written();
      process.kill(Number(read('pid')), 'SIGTERM');
      await expect.poll(() => read('code')).toBe('0');
    },
  );
}
