import type { Outcome } from '@oomwatcher/oom';
import { datedTime } from './event-time.js';
import { printable } from './printable.js';
import type { Style } from './style.js';

/** One line for something that the OOM killer did other than kill. */
export function outcomeLine(outcome: Outcome, style: Style, time = datedTime(outcome)): string {
  return [time, style('yellow', sentence(outcome)), place(outcome)]
    .filter((part) => part !== '')
    .join('  ');
}

/** One line for the outcomes after it that had the same words. @param last the last of them */
export function repeatedOutcomeLine(
  count: number,
  last: Outcome,
  style: Style,
  time = datedTime(last),
): string {
  const until = time === '' ? '' : `, the last at ${time}`;
  return style('dim', `the same ${count} time${count === 1 ? '' : 's'} more${until}`);
}

/** Whether both say the same, at whatever time. */
export function saysSame(a: Outcome, b: Outcome): boolean {
  return sentence(a) === sentence(b) && place(a) === place(b);
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
