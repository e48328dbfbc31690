import type { Outcome } from '@oomwatcher/oom';
import { printable } from './printable.js';
import type { Style } from './style.js';

/** One line for something that the OOM killer did other than kill. */
export function outcomeLine(outcome: Outcome, style: Style): string {
  return [outcome.time ?? '', style('yellow', sentence(outcome)), place(outcome)]
    .filter((part) => part !== '')
    .join('  ');
}

function sentence({ kind, process, count, killer, message }: Outcome): string {
  switch (kind) {
    case 'no-killable-process':
      return 'out of memory, and no process that may be killed: nobody was';
    case 'panic':
      return `the kernel panicked instead of killing: ${printable(message ?? 'out of memory')}`;
    case 'already-exiting':
      return `${printable(process?.name ?? 'a process')}${process?.pid === undefined ? '' : ` (pid ${process.pid})`} was chosen but was exiting already: not killed`;
    case 'reports-suppressed':
      return `the kernel withheld ${count ?? 'some'} reports (it prints ten in 5 s for the whole host)`;
    case 'userspace':
      return `${printable(killer ?? 'a user-space killer')}, not the kernel: ${printable(message ?? '')}`;
  }
}

function place({ cgroup }: Outcome): string {
  return cgroup === undefined ? '' : `in ${printable(cgroup)}`;
}
