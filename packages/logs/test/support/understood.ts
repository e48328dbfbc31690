import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Kill } from '@oomwatcher/oom';
import { CapturedLog, isKernelLine, type LogLine, LogReader } from '../../src/index.js';

const fixtures = join(import.meta.dirname, '../../../oom/test/fixtures');

/** Names of the raw captures of real kernels. */
export const captures = readdirSync(fixtures)
  .filter((name) => /\.kmsg(\.gz)?$/.test(name))
  .sort();

export function captureBytes(name: string): Buffer {
  const bytes = readFileSync(join(fixtures, name));
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/** The kernel's lines of a capture. */
export function kernelLines(name: string): LogLine[] {
  const reader = new LogReader();
  return [...reader.push(captureBytes(name)), ...reader.end()].filter(isKernelLine);
}

export function killsIn(log: string | Uint8Array): { kills: Kill[]; log: CapturedLog } {
  const bytes = typeof log === 'string' ? Buffer.from(log, 'latin1') : log;
  const captured = new CapturedLog('capture');
  const events = [...captured.push(bytes), ...captured.end()];
  return {
    kills: events.flatMap((event) => (event.kind === 'kill' ? [event.kill] : [])),
    log: captured,
  };
}

/** What must never be another's. */
export function essence(kill: Kill) {
  return {
    pid: kill.victim?.pid,
    name: kill.victim?.name,
    victim: kill.cgroup?.victim,
    limit: kill.cgroup?.limit,
    memory: kill.memory,
    trigger: kill.trigger && [kill.trigger.name, kill.trigger.pid],
    scope: kill.scope,
    tasks: kill.tasks?.map(({ pid }) => pid).join(),
  };
}

/** The lines as /dev/kmsg gives them. */
export function rawRecords(lines: readonly LogLine[]): string {
  return lines
    .map(({ priority, seq, timestampUs, flag = '-', text }) => {
      const escaped = text.replace(
        /[^\x20-\x5b\x5d-\x7e]/g,
        (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
      );
      return `${priority},${seq},${timestampUs},${flag};${escaped}\n`;
    })
    .join('');
}
