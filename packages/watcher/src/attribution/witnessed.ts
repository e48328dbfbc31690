import type { WitnessedLevel, WitnessRecord } from '@oomwatcher/kmsg';
import type { Witness, WitnessedKill, WitnessedProcess } from '@oomwatcher/oom';

/** What a record tells beside the line of its kill. `isTold`: it was given out before. */
export function witnessOf(record: WitnessRecord, isTold = false): Witness & WitnessedProcess {
  const { kind, process, trigger, levels, levelsCut, control } = record;
  const { tgid, startBoottimeNs } = process;
  const startTicks = Number(startBoottimeNs / nsPerTick);
  const witness: Witness & WitnessedProcess = { from: 'kernel', tgid, startTicks };
  if (kind === 'again') witness.again = true;
  if (isTold) witness.isTold = true;
  if (process.firstOfPidNamespace !== undefined) {
    witness.mainProcess = process.firstOfPidNamespace;
  }
  const path = pathOf(levels, levelsCut);
  if (path !== undefined) witness.cgroup = path;
  if (trigger !== undefined) {
    const manual = control?.order === -1;
    witness.trigger = { pid: trigger.pid, name: trigger.name, ...(manual && { manual }) };
  }
  const limit = limitOf(record);
  const limitPath = limit && pathOf(levels?.slice(levels.indexOf(limit)), levelsCut);
  if (limit !== undefined && limitPath !== undefined) {
    const { usageKiB, limitKiB } = limit;
    witness.limit = limitPath;
    witness.memory = limitKiB === undefined ? { usageKiB } : { usageKiB, limitKiB };
  }
  return witness;
}

/** What /proc/N/stat counts in (USER_HZ is 100 on every architecture that Node runs on). */
const nsPerTick = 10_000_000n;

/** The kill that a record is, without its line. */
export function killOf(record: WitnessRecord): Omit<WitnessedKill, 'seq'> {
  const { process, control, monotonicUs } = record;
  const { pid, name, uid, oomScoreAdj, totalVmKiB, anonRssKiB, fileRssKiB } = process;
  const { shmemRssKiB, pageTablesKiB } = process;
  const witness = witnessOf(record);
  if (process.sizesApproximate) witness.sizesApproximate = true;
  const kill: Omit<WitnessedKill, 'seq'> = { pid, name, uid, oomScoreAdj, witness };
  const isOfLimit = control?.limitCgroupId !== undefined || witness.limit !== undefined;
  return {
    ...kill,
    timestampUs: Math.round(monotonicUs),
    wallTimeUs: wallTimeUs(monotonicUs),
    ...(totalVmKiB !== undefined && { totalVmKiB }),
    ...(anonRssKiB !== undefined && { anonRssKiB }),
    ...(fileRssKiB !== undefined && { fileRssKiB }),
    ...(shmemRssKiB !== undefined && { shmemRssKiB }),
    ...(pageTablesKiB !== undefined && { pageTablesKiB }),
    ...((control !== undefined || isOfLimit) && { global: !isOfLimit }),
  };
}

/** To the millisecond: its line, when it comes, tells more exactly. */
function wallTimeUs(monotonicUs: number): number {
  const agoUs = Number(process.hrtime.bigint() / 1000n) - monotonicUs;
  return Math.round(Date.now() - agoUs / 1000) * 1000;
}

/** Latin1. undefined: it is not known up to the root. */
export function pathOf(
  levels: readonly WitnessedLevel[] | undefined,
  cut = false,
): string | undefined {
  if (levels === undefined || cut) return undefined;
  const names = levels.map(({ name }) => name).filter((name) => name !== '');
  return `/${names.reverse().join('/')}`;
}

/** How much a cgroup whose limit was hit may have left: a charge is of up to 64 pages (MEMCG_CHARGE_BATCH). */
const fullWithinKiB = 256;

/** The biggest allocation that ends in a kill: eight pages (PAGE_ALLOC_COSTLY_ORDER). */
const allocationKiB = 32;

/**
 * The level whose limit was hit: the kernel's own word of it, else the only one that is full and that the trigger is in or
 * below. Of several it is the one that has less left than all others by an allocation: what did not fit there was taken by
 * each of the others. So it is for a pod with one container, whose limit is the container's. Else nobody knows.
 */
export function limitOf({ levels = [], control }: WitnessRecord): WitnessedLevel | undefined {
  if (control !== undefined) return levels.find(({ id }) => id === control.limitCgroupId);
  const [fullest, next] = levels
    .filter(({ limitKiB, aboveTrigger }) => aboveTrigger === true && limitKiB !== undefined)
    .filter((level) => leftKiB(level) <= fullWithinKiB)
    .sort((one, other) => leftKiB(one) - leftKiB(other));
  const isKnown =
    fullest !== undefined &&
    (next === undefined || leftKiB(next) - leftKiB(fullest) >= allocationKiB);
  return isKnown ? fullest : undefined;
}

function leftKiB({ usageKiB, limitKiB = Number.POSITIVE_INFINITY }: WitnessedLevel): number {
  return limitKiB - usageKiB;
}
