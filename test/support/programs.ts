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

async function end(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const exited = once(program, 'exit');
  program.kill('SIGKILL');
  await exited;
}
