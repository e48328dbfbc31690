import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** So many copies of a program that never end by themselves, until they are disposed of. */
export function startPrograms(count: number, program: string, args: string[]): AsyncDisposable {
  const running = Array.from({ length: count }, () => spawn(program, args, { stdio: 'ignore' }));
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(running.map(end));
    },
  };
}

/** So many cores that have always something else to do. They end with this program, also when it fails. */
export function busyLoops(count: number): AsyncDisposable {
  return startPrograms(count, 'sh', ['-c', 'while kill -0 $PPID; do :; done']);
}

/** Programs that write to the log as fast as they can; an open for each record, for the kernel limits open files. */
export function startFloods(count: number): AsyncDisposable {
  const script = `
    const { writeFileSync } = require('node:fs');
    const record = '<7>flood ' + 'x'.repeat(80) + '\\n';
    for (;;) writeFileSync('/dev/kmsg', record);
  `;
  return startPrograms(count, process.execPath, ['-e', script]);
}

async function end(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const exited = once(program, 'exit');
  program.kill('SIGKILL');
  await exited;
}
