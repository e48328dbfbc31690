import type { RecordedRunUp } from '@oomwatcher/kmsg';
import { decodeName, type MemoryRunUp } from '@oomwatcher/oom';

/** What the addon recorded, with its names as text. */
export function decodedRunUp({ path, sinceMonotonicUs, samples }: RecordedRunUp): MemoryRunUp {
  return {
    path: decodeName(path),
    sinceMonotonicUs,
    samples: samples.map(({ processes, ...sample }) => ({
      ...sample,
      ...(processes !== undefined && {
        processes: processes.map((process) => ({ ...process, comm: decodeName(process.comm) })),
      }),
    })),
  };
}

/**
 * The bytes that a decoded path may have been: `\xNN` stands for a byte that is no UTF-8, or was written like that (systemd
 * escapes its units' names so).
 */
export function pathBytes(path: string): Buffer[] {
  const asWritten = Buffer.from(path);
  if (!/\\x[89a-f][0-9a-f]/.test(path)) return [asWritten];
  const latin1 = asWritten
    .toString('latin1')
    .replace(/\\x([89a-f][0-9a-f])/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  return [asWritten, Buffer.from(latin1, 'latin1')];
}
