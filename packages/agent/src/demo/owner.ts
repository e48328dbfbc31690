import { readFileSync, readlinkSync } from 'node:fs';

/**
 * What distinguishes a process from every other of this boot: by its pid namespace, its pid there, and when it began (clock ticks
 * since boot). Only within one pid namespace can it be said whether another one still runs.
 */
export interface Owner {
  namespace: string;
  pid: number;
  startTicks: string;
}

export function thisProcess(): Owner {
  return {
    namespace: ownNamespace(),
    pid: process.pid,
    startTicks: startTicksOf(process.pid) as string,
  };
}

/** Whether it has certainly ended. */
export function isGone({ namespace, pid, startTicks }: Owner): boolean {
  return namespace === ownNamespace() && startTicksOf(pid) !== startTicks;
}

function ownNamespace(): string {
  return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] as string;
}

/** undefined: there is no such process. */
function startTicksOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold anything; starttime is the 20th field after it (proc_pid_stat(5)).
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
