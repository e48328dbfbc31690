import { printable } from '@oomwatcher/explain';
import type { JournalTrouble } from '@oomwatcher/journal';
import type { KmsgError } from '@oomwatcher/kmsg';
import type { InputError } from '@oomwatcher/logs';
import { CommanderError } from 'commander';
import { ExitCode } from '../exit-codes.js';
import { readableStack } from '../output/readable-stack.js';
import { Refusal } from '../refusal.js';

const demoHint = '`oomwatcher demo` shows a recorded storm instead';

/** Says in one sentence on stderr what went wrong and returns the exit code. Only a defect of ours shows its stack. */
export function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  if (isNamed<KmsgError>(error, 'KmsgError')) {
    say(error.notAllowed ? `${error.message} (${demoHint})` : error.message);
    return error.notAllowed ? ExitCode.notAllowed : ExitCode.failure;
  }
  if (error instanceof Refusal) {
    say(error.message);
    return error.exitCode;
  }
  if (isSystemError(error) && error.path?.startsWith('/proc/')) {
    say(
      `${error.path} cannot be read (${error.code}): mount /proc, the kernel says there which boot this is and how many processes it killed`,
    );
    return ExitCode.notAllowed;
  }
  if (
    isNamed<InputError>(error, 'InputError') ||
    isNamed<JournalTrouble>(error, 'JournalTrouble') ||
    isSystemError(error)
  ) {
    say(error.message);
    return ExitCode.failure;
  }
  const stack = readableStack(String((error as Error)?.stack ?? error));
  process.stderr.write(`oomwatcher: this is a defect, please report it\n${stack}\n`);
  return ExitCode.failure;
}

function say(message: string): void {
  process.stderr.write(`oomwatcher: ${printable(message)}\n`);
}

/** By its name: to import the class would load SQLite and the addon's loader for every command. */
function isNamed<T extends Error>(error: unknown, name: T['name']): error is T {
  return error instanceof Error && error.name === name;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
