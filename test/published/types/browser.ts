// What a page in a browser may use: no types of Node.js are there.
import { CapturedLog, LogReader } from '@oomwatcher/logs';
import { type KernelLine, type Kill, OomMachine } from '@oomwatcher/oom';
import { sampleKill } from '@oomwatcher/oom/testing';

export function killsOf(lines: readonly KernelLine[]): Kill[] {
  const machine = new OomMachine();
  for (const line of lines) machine.push(line);
  machine.flush();
  return [...machine.take()].flatMap((event) => (event.kind === 'kill' ? [event.kill] : []));
}

export async function ofFile(file: File): Promise<number> {
  const log = new CapturedLog(file.name);
  let kills = 0;
  const take = (events: Iterable<{ kind: string }>) => {
    for (const { kind } of events) if (kind === 'kill') kills++;
  };
  take(log.push(new Uint8Array(await file.arrayBuffer())));
  take(log.end());
  return kills;
}

export const sample: { pid: number } | undefined = sampleKill('container').victim;

export const Reader = LogReader;
