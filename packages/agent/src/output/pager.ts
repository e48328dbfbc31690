import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { standardOutput } from './standard-output.js';

/** As git has it: $PAGER, else less where it is there; empty or `cat` is none. undefined: none. */
export function pagerOf(env: NodeJS.ProcessEnv): string | undefined {
  const pager = env.PAGER ?? (isThere('less', env.PATH) ? 'less' : '');
  return ['', 'cat'].includes(pager.trim()) ? undefined : pager;
}

function isThere(program: string, path = ''): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}

/** What `write` puts on standard output goes through a pager, where a terminal would show it. */
export async function paged(write: () => Promise<void>): Promise<void> {
  const command = process.stdout.isTTY ? pagerOf(process.env) : undefined;
  if (command === undefined) return write();
  // As git sets them: leave at the end what fits one screen, show colours, keep the screen.
  const env = { LESS: 'FRX', LV: '-c', ...process.env };
  const pager = spawn('sh', ['-c', command], { stdio: ['pipe', 'inherit', 'inherit'], env });
  // Ctrl-C is for the pager, which stays.
  const stay = () => {};
  process.on('SIGINT', stay);
  try {
    await standardOutput.into(pager.stdin, write);
  } finally {
    await ended(pager);
    process.off('SIGINT', stay);
  }
}

async function ended(pager: ChildProcess): Promise<void> {
  pager.stdin?.end();
  if (pager.exitCode === null && pager.signalCode === null) await once(pager, 'exit');
}
