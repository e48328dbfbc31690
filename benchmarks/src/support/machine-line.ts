import { arch, cpus, release } from 'node:os';

/** The machine and the runtime that a result was measured on, in one line. */
export function machineLine(): string {
  const [cpu] = cpus();
  return `${cpu?.model ?? 'unknown processor'}, ${cpus().length} cores, Linux ${release()} ${arch()}, Node ${process.version}`;
}
