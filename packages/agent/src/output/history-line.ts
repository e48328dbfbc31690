import type { Style } from '@oomwatcher/explain';
import { formatKiB, printable } from '@oomwatcher/explain';
import type { JournalledKill } from '@oomwatcher/journal';
import type { Kill } from '@oomwatcher/oom';

/** A comm has 15 bytes, a pid seven digits. */
const whoWidth = '012345678901234 (1234567)'.length;
const usageWidth = '1023.9 MiB of 1023.9 MiB'.length;

/** One kill of many as one line, its columns under those of the others: when, who, how much, where. */
export function historyLine({ kill, recordedMs }: JournalledKill, style: Style): string {
  const columns = [when(kill, recordedMs), who(kill, style), usage(kill).padEnd(usageWidth)];
  return `${columns.join('  ')}  ${where(kill)}`;
}

/** Local time. Of a kill whose time nobody knows, when it was recorded: it happened before. */
function when({ time }: Kill, recordedMs: number): string {
  const date = new Date(time ?? recordedMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${time === undefined ? '<' : ' '}${day} ${clock}`;
}

function who({ victim }: Kill, style: Style): string {
  if (victim === undefined) return '(its line was lost)'.padEnd(whoWidth);
  const name = printable(victim.name);
  const pid = ` (${victim.pid})`;
  return `${style('bold', name)}${pid}${' '.repeat(Math.max(0, whoWidth - name.length - pid.length))}`;
}

function usage({ memory, scope }: Kill): string {
  if (memory?.usageKiB === undefined) return scope === 'node' ? 'no memory left' : '';
  const limit = memory.limitKiB === undefined ? '' : ` of ${formatKiB(memory.limitKiB)}`;
  return `${formatKiB(memory.usageKiB)}${limit}`;
}

function where({ pod, cgroup, group }: Kill): string {
  if (pod?.namespace !== undefined && pod.name !== undefined) {
    const container = pod.container === undefined ? '' : ` ${printable(pod.container)}`;
    return `${printable(pod.namespace)}/${printable(pod.name)}${container}`;
  }
  return printable(cgroup?.victim ?? group?.cgroup ?? 'in an unknown cgroup');
}
