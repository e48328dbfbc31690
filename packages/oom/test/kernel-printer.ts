import type { OomLine } from '@oomwatcher/oom';

/**
 * Prints OOM reports as the kernels of each era do (mm/oom_kill.c, mm/memcontrol.c, kernel/printk/printk.c), piece by
 * piece of printk. Names and paths are latin1: one character a byte.
 */
export interface Era {
  name: string;
  header: 'H1' | 'H2' | 'H3' | 'H4' | 'H5' | 'H6';
  table: 'T1' | 'T2' | 'T3' | 'T4' | 'T5';
  killed: 'K1' | 'K1s' | 'K1u' | 'K2' | 'K3' | 'K3u' | 'K4';
  /** One line a cgroup; one record with newlines in it; one record a figure. */
  stats: 'line' | 'block' | 'records';
  /** Where the paths are. 5.0 prints CONSTRAINT_NONE whatever it was. */
  paths: 'task-in-2-pieces' | 'task-in' | 'constraint-5.0' | 'constraint';
  /** `Kill process … or sacrifice child` */
  announces: boolean;
  /** Up to 4.8 a head that goes on is `c` and its rest `+`; later the head is `-` and its rest `c`. */
  fragmentFlags: 'c+' | '-c';
  recordBytes: number;
  /** 6.19 prints a line without its end between the figures and the table. */
  printsProtection?: boolean;
}

const old = { paths: 'task-in', stats: 'line', announces: true, recordBytes: 991 } as const;
const recent = {
  header: 'H6',
  paths: 'constraint',
  announces: false,
  fragmentFlags: '-c',
} as const;

export const eras: Era[] = [
  {
    ...old,
    name: '3.10',
    header: 'H1',
    table: 'T1',
    killed: 'K1',
    paths: 'task-in-2-pieces',
    fragmentFlags: 'c+',
  },
  {
    ...old,
    name: 'RHEL 7.2',
    header: 'H1',
    table: 'T1',
    killed: 'K1s',
    paths: 'task-in-2-pieces',
    fragmentFlags: 'c+',
  },
  {
    ...old,
    name: 'RHEL 7.9',
    header: 'H1',
    table: 'T1',
    killed: 'K1u',
    paths: 'task-in-2-pieces',
    fragmentFlags: 'c+',
  },
  { ...old, name: '4.4', header: 'H1', table: 'T2', killed: 'K1', fragmentFlags: 'c+' },
  { ...old, name: '4.6', header: 'H2', table: 'T2', killed: 'K2', fragmentFlags: 'c+' },
  { ...old, name: '4.10', header: 'H3', table: 'T2', killed: 'K2', fragmentFlags: '-c' },
  { ...old, name: '4.14', header: 'H4', table: 'T2', killed: 'K2', fragmentFlags: '-c' },
  { ...old, name: '4.15', header: 'H5', table: 'T3', killed: 'K2', fragmentFlags: '-c' },
  { ...old, name: '4.19', header: 'H5', table: 'T4', killed: 'K2', fragmentFlags: '-c' },
  {
    ...old,
    name: 'RHEL 8.1',
    header: 'H5',
    table: 'T3',
    killed: 'K3',
    announces: false,
    fragmentFlags: '-c',
  },
  {
    ...old,
    name: '5.0',
    header: 'H6',
    table: 'T4',
    killed: 'K2',
    paths: 'constraint-5.0',
    fragmentFlags: '-c',
  },
  { ...recent, name: '5.2', table: 'T4', killed: 'K3', stats: 'line', recordBytes: 975 },
  { ...recent, name: 'RHEL 8.3', table: 'T3', killed: 'K3u', stats: 'block', recordBytes: 975 },
  { ...recent, name: '5.10', table: 'T4', killed: 'K4', stats: 'block', recordBytes: 991 },
  { ...recent, name: '6.6', table: 'T4', killed: 'K4', stats: 'records', recordBytes: 1023 },
  { ...recent, name: '6.18', table: 'T5', killed: 'K4', stats: 'records', recordBytes: 1023 },
  {
    ...recent,
    name: '6.19',
    table: 'T5',
    killed: 'K4',
    stats: 'records',
    recordBytes: 1023,
    printsProtection: true,
  },
];

export interface Task {
  tid: number;
  pid: number;
  comm: string;
  uid: number;
  rssPages: number;
  swapPages: number;
  oomScoreAdj: number;
}

export interface Victim extends Task {
  totalVmKiB: number;
  anonRssKiB: number;
  fileRssKiB: number;
  shmemRssKiB: number;
  pageTablesKiB: number;
  /** From the root of the memory hierarchy. */
  cgroup: string;
}

/** One call of the OOM killer. */
export interface Oom {
  trigger: { comm: string; pid: number; gfpMask: string; order: number; oomScoreAdj: number };
  nodemask: string;
  cpuset: string;
  /** Absent: no memory left in the machine. */
  limit?: { cgroup: string; usageKiB: number; limitKiB: number };
  victim: Victim;
  /** The leader's name where a thread is named on the kill line. */
  leaderComm: string;
  /** Tasks that were eligible beside the victim. */
  others: Task[];
  /** memory.oom.group: members that die after the victim, which is printed again at the end. */
  group?: { cgroup: string; members: Victim[] };
  /** The rate limit withheld the report. */
  suppressed: boolean;
  /** Kernels before 5.3 choose a thread, which is in no row; its process dies (mm/oom_kill.c, oom_badness by thread). */
  chosenThread?: { tid: number; comm: string };
}

/** One line, as the calls of printk that make it. */
export interface PrintedLine {
  level: number;
  pieces: string[];
  /** Whom the line reports as killed. */
  victim?: Victim;
}

export function printOom(oom: Oom, era: Era): PrintedLine[] {
  return [...(oom.suppressed ? [] : printReport(oom, era)), ...printKills(oom, era)];
}

function printReport(oom: Oom, era: Era): PrintedLine[] {
  const { trigger, cpuset, limit } = oom;
  const lines: PrintedLine[] = [{ level: 4, pieces: invokePieces(oom, era) }];
  const { comm, pid } = trigger;
  if (era.header !== 'H6') {
    lines.push({ level: 6, pieces: [`${comm} cpuset=`, cpuset, ' mems_allowed=0'] });
  }
  lines.push(
    whole(4, `CPU: 0 PID: ${pid} Comm: ${comm} Not tainted ${era.name} #1`),
    whole(4, 'Hardware name: QEMU Standard PC (i440FX + PIIX, 1996)'),
    whole(4, 'Call Trace:'),
    whole(4, ' dump_stack+0x57/0x7a'),
    whole(4, ' oom_kill_process.cold+0xb/0x19f'),
  );
  lines.push(...(limit === undefined ? globalLines() : limitLines(oom, limit, era)));
  if (era.printsProtection)
    lines.push(whole(4, 'Memory cgroup min protection 0kB -- low protection 0kB'));
  lines.push(...tableLines(oom, era));
  if (era.paths.startsWith('constraint'))
    lines.push({ level: 6, pieces: constraintPieces(oom, era) });
  return lines;
}

function invokePieces({ trigger, nodemask }: Oom, { header }: Era): string[] {
  const { comm, gfpMask, order, oomScoreAdj } = trigger;
  const [hexadecimal] = gfpMask.split('(') as [string];
  const start = `${comm} invoked oom-killer: gfp_mask=${header === 'H1' ? hexadecimal : gfpMask}`;
  const end = `order=${order}, oom_score_adj=${oomScoreAdj}`;
  if (header === 'H4') return [`${start}, nodemask=`, nodemask, `,  ${end}`];
  if (header === 'H5') return [`${start}, nodemask=${nodemask}, ${end}`];
  // 4.9 and 4.10 know no "(null)".
  if (header === 'H3')
    return [`${start}, nodemask=${nodemask === '(null)' ? '0' : nodemask}, ${end}`];
  return [`${start}, ${end}`];
}

function globalLines(): PrintedLine[] {
  return [
    whole(4, 'Mem-Info:'),
    whole(
      4,
      'active_anon:107 inactive_anon:100924 isolated_anon:0\n active_file:8 inactive_file:0 isolated_file:0',
    ),
    whole(4, 'Node 0 DMA free:1936kB min:92kB low:112kB high:132kB'),
    whole(4, '131006 pages RAM'),
  ];
}

function limitLines(oom: Oom, limit: NonNullable<Oom['limit']>, era: Era): PrintedLine[] {
  const lines: PrintedLine[] = [];
  const { cgroup, usageKiB, limitKiB } = limit;
  if (era.paths === 'task-in') {
    const pieces = ['Task in ', oom.victim.cgroup, ' killed as a result of limit of ', cgroup];
    lines.push({ level: 6, pieces });
  } else if (era.paths === 'task-in-2-pieces') {
    const pieces = [`Task in ${oom.victim.cgroup} killed`, ` as a result of limit of ${cgroup}`];
    lines.push({ level: 6, pieces });
  }
  lines.push(
    whole(6, `memory: usage ${usageKiB}kB, limit ${limitKiB}kB, failcnt 19`),
    whole(6, `memory+swap: usage ${usageKiB}kB, limit 9007199254740988kB, failcnt 0`),
    whole(6, 'kmem: usage 72kB, limit 9007199254740988kB, failcnt 0'),
  );
  const start = ['Memory cgroup stats for ', cgroup, ':'];
  if (era.stats === 'line') {
    const below = oom.victim.cgroup === cgroup ? [] : [oom.victim.cgroup];
    for (const path of [cgroup, ...below]) {
      lines.push({
        level: 6,
        pieces: ['Memory cgroup stats for ', path, ':', ...statistics(':', 'KB')],
      });
    }
  } else if (era.stats === 'block') {
    lines.push(
      { level: 6, pieces: start },
      whole(
        6,
        statistics(' ', '')
          .map((item) => item.slice(1))
          .join('\n'),
      ),
    );
  } else {
    lines.push({ level: 6, pieces: start });
    lines.push(...statistics(' ', '').map((item) => whole(6, item.slice(1))));
  }
  return lines;
}

function statistics(between: string, unit: string): string[] {
  return ['cache', 'rss', 'mapped_file', 'swap', 'inactive_anon', 'active_anon', 'unevictable'].map(
    (name, at) => ` ${name}${between}${at * 4096}${unit}`,
  );
}

const tableHeaders = {
  T1: '[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name',
  T2: '[ pid ]   uid  tgid total_vm      rss nr_ptes nr_pmds swapents oom_score_adj name',
  T3: '[ pid ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
  T4: '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
  T5: '[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name',
};

function tableLines({ victim, others, group }: Oom, { table }: Era): PrintedLine[] {
  const lines =
    table === 'T4' || table === 'T5' ? [whole(6, 'Tasks state (memory values in pages):')] : [];
  lines.push(whole(6, tableHeaders[table]));
  for (const task of [victim, ...others, ...(group?.members ?? [])])
    lines.push(whole(6, row(task, table)));
  return lines;
}

function row(
  { tid, pid, comm, uid, rssPages, swapPages, oomScoreAdj }: Task,
  table: Era['table'],
): string {
  const column = (value: number, width: number) => String(value).padStart(width);
  const pidWidth = table === 'T4' || table === 'T5' ? 7 : 5;
  const start = `[${column(tid, pidWidth)}] ${column(signed(uid), 5)} ${column(pid, 5)} ${column(rssPages + 9, 8)} ${column(rssPages, 8)}`;
  const middle = {
    T1: column(12, 7),
    T2: `${column(12, 7)} ${column(3, 7)}`,
    T3: column(57344, 8),
    T4: column(57344, 8),
    T5: `${column(rssPages, 8)} ${column(0, 8)} ${column(0, 9)} ${column(57344, 8)}`,
  }[table];
  return `${start} ${middle} ${column(swapPages, 8)}         ${column(oomScoreAdj, 5)} ${comm}`;
}

function constraintPieces(
  { victim, limit, nodemask, cpuset, leaderComm, chosenThread }: Oom,
  { paths, name: era }: Era,
): string[] {
  const constraint = limit === undefined || paths === 'constraint-5.0' ? 'NONE' : 'MEMCG';
  const leader = victim.tid === victim.pid ? victim.comm : leaderComm;
  const choosesThreads = ['5.0', '5.2', 'RHEL 8.3'].includes(era);
  const chosen = (choosesThreads ? chosenThread : undefined) ?? { tid: victim.pid, comm: leader };
  return [
    `oom-kill:constraint=CONSTRAINT_${constraint},nodemask=${nodemask}`,
    ',cpuset=',
    cpuset,
    ',mems_allowed=0-1,3',
    ...(limit === undefined ? [',global_oom'] : [',oom_memcg=', limit.cgroup]),
    ',task_memcg=',
    victim.cgroup,
    `,task=${chosen.comm},pid=${chosen.tid},uid=${signed(victim.uid)}`,
  ];
}

function printKills(oom: Oom, era: Era): PrintedLine[] {
  const { victim, group, limit, chosenThread } = oom;
  const chosen = chosenThread ?? victim;
  const message = limit === undefined ? 'Out of memory' : 'Memory cgroup out of memory';
  const kill = (dead: Victim) => ({ ...whole(3, killLine(dead, message, era)), victim: dead });
  const lines: PrintedLine[] = [];
  if (era.announces) {
    lines.push(
      whole(
        3,
        `${message}: Kill process ${chosen.tid} (${chosen.comm}) score 1743 or sacrifice child`,
      ),
    );
  }
  lines.push(kill(victim));
  if (group !== undefined) {
    lines.push({
      level: 6,
      pieces: ['Tasks in ', group.cgroup, ' are going to be killed due to memory.oom.group set'],
    });
    lines.push(...group.members.map(kill), kill(victim));
  }
  return lines;
}

function killLine(victim: Victim, message: string, { killed }: Era): string {
  const {
    tid,
    comm,
    uid,
    totalVmKiB,
    anonRssKiB,
    fileRssKiB,
    shmemRssKiB,
    pageTablesKiB,
    oomScoreAdj,
  } = victim;
  const prefix = killed.startsWith('K3') || killed === 'K4' ? `${message}: ` : '';
  const oldUid = killed === 'K1u' ? `, UID ${signed(uid)},` : '';
  const shmem = killed === 'K1' ? '' : `, shmem-rss:${shmemRssKiB}kB`;
  const newUid = killed === 'K3u' || killed === 'K4' ? `, UID:${uid}` : '';
  const rest = killed === 'K4' ? ` pgtables:${pageTablesKiB}kB oom_score_adj:${oomScoreAdj}` : '';
  return `${prefix}Killed process ${tid} (${comm})${oldUid} total-vm:${totalVmKiB}kB, anon-rss:${anonRssKiB}kB, file-rss:${fileRssKiB}kB${shmem}${newUid}${rest}`;
}

function signed(uid: number): number {
  return uid | 0;
}

function whole(level: number, text: string): PrintedLine {
  return { level, pieces: [text] };
}

/** A record, with the line that it begins. */
export interface PrintedRecord {
  record: Omit<OomLine, 'seq' | 'timestampUs'>;
  victim?: Victim;
}

/**
 * Stores lines as printk does. A line that outgrows a record goes on in a new one, and so does a line where `splits`
 * says that something was printed in between.
 */
export function storeLines(
  lines: PrintedLine[],
  era: Era,
  splits: () => boolean = () => false,
): PrintedRecord[] {
  return lines.flatMap(({ level, pieces, victim }) => {
    const texts: string[] = [];
    for (const piece of pieces) {
      const open = texts.at(-1);
      const fits = open !== undefined && open.length + piece.length <= era.recordBytes;
      if (fits && !splits()) texts[texts.length - 1] = open + piece;
      else texts.push(piece.slice(0, era.recordBytes));
    }
    return texts.map((text, at): PrintedRecord => {
      const isHead = at === 0;
      const [head, rest] = texts.length === 1 ? ['-', '-'] : era.fragmentFlags;
      return {
        record: { priority: isHead ? level : 4, flag: isHead ? head! : rest!, text },
        ...(isHead && victim !== undefined && { victim }),
      };
    });
  });
}
