import { defined } from './defined.js';
import { isFromKernel, type OomLine } from './line.js';
import { parseKillLine } from './lines/kill-line.js';

/** Whether the kernel says on this line that it killed. Its counters have counted the kill before it was printed. */
export function isKillLine(line: OomLine): boolean {
  return isFromKernel(line) && parseKillLine(line.text) !== undefined;
}

/** Which process the kernel says that it killed, its name latin1, by what a record of the kill itself has too. */
export interface KilledProcess {
  pid: number;
  name: string;
  uid?: number;
  oomScoreAdj?: number;
  totalVmKiB?: number;
}

/** That of a kill line of the kernel itself; undefined: it is another line, or a forged one. */
export function killedProcess(line: OomLine): KilledProcess | undefined {
  const kill = isFromKernel(line) ? parseKillLine(line.text) : undefined;
  if (kill === undefined) return undefined;
  const { pid, comm: name, uid, oomScoreAdj, totalVmKiB } = kill;
  return defined<KilledProcess>({ pid, name, uid, oomScoreAdj, totalVmKiB });
}
