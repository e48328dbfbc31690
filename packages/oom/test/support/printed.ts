import type { OomLine } from '@oomwatcher/oom';

/**
 * What a capture says of each kill, read by plain means that share nothing with the machine: good for captures of one
 * report after another, whose lines are whole.
 */
export interface Printed {
  pid: number;
  comm: string;
  sizes: Record<string, number>;
  seqs: bigint[];
  report?: PrintedReport;
  group?: { path: string; pids: number[]; report?: PrintedReport };
}

export interface PrintedReport {
  invoke?: RegExpMatchArray;
  memory?: RegExpMatchArray;
  constraint?: string;
  taskIn?: string;
  /** `Kill process PID`, up to 5.0. */
  announcedPid?: number;
  statsPath?: string;
  rows: string[];
}

const KILL =
  /^(?:[A-Z][^:]*: )?Killed process (\d+) \((.*)\) total-vm:(\d+)kB, anon-rss:(\d+)kB, file-rss:(\d+)kB, shmem-rss:(\d+)kB(?:, UID:(\d+) pgtables:(\d+)kB oom_score_adj:(-?\d+))?$/s;

export function readPrinted(lines: readonly OomLine[]): Printed[] {
  const kills: Printed[] = [];
  let report: PrintedReport | undefined;
  let group: Printed['group'];
  let next = 0n;
  for (const { text, seq, priority } of lines) {
    if (seq !== next) {
      report = undefined;
      group = undefined;
    }
    next = seq + 1n;
    if (priority! > 7) continue;
    const kill = KILL.exec(text);
    if (kill !== null) {
      const pid = Number(kill[1]);
      const again = group?.pids.includes(pid)
        ? kills.findLast((other) => other.pid === pid)
        : undefined;
      if (again !== undefined) {
        again.seqs.push(seq);
        continue;
      }
      group?.pids.push(pid);
      kills.push({
        pid,
        comm: kill[2]!,
        sizes: sizesOf(kill),
        seqs: [seq],
        ...(report !== undefined && { report }),
        ...(group !== undefined && { group }),
      });
      report = undefined;
    } else if (text.startsWith('Tasks in ')) {
      const first = kills.at(-1)!;
      const path = text.slice('Tasks in '.length, text.lastIndexOf(' are going to be killed'));
      group = { path, pids: [first.pid], ...(first.report && { report: first.report }) };
      first.group = group;
    } else if (/ invoked oom-killer: /.test(text)) {
      report = {
        rows: [],
        invoke: text.match(
          /^(.*) invoked oom-killer: gfp_mask=(\S+?), .*order=(-?\d+), oom_score_adj=(-?\d+)$/s,
        )!,
      };
      group = undefined;
    } else if (report !== undefined) {
      readDetail(report, text);
    } else if (
      /^oom-kill:|^Task in |: Kill process |^memory: usage |^Memory cgroup stats for /.test(text)
    ) {
      // Its beginning was lost.
      report = { rows: [] };
      readDetail(report, text);
    }
  }
  return kills;
}

function readDetail(report: PrintedReport, text: string): void {
  if (text.startsWith('memory: usage ')) {
    report.memory = text.match(/^memory: usage (\d+)kB, limit (\d+)kB/)!;
  } else if (text.startsWith('oom-kill:')) {
    report.constraint = text;
  } else if (text.startsWith('Task in ')) {
    report.taskIn = text;
  } else if (text.includes(': Kill process ')) {
    report.announcedPid = announced(text);
  } else if (text.startsWith('Memory cgroup stats for ')) {
    report.statsPath ??= text
      .slice('Memory cgroup stats for '.length)
      .replace(/:(?: cache:\d+KB.*)?$/, '');
  } else if (/^\[ *\d+\] /.test(text)) {
    report.rows.push(text);
  }
}

function announced(text: string): number {
  return Number(/: Kill process (\d+) /.exec(text)![1]);
}

function sizesOf(kill: RegExpExecArray): Record<string, number> {
  const names = [
    'totalVmKiB',
    'anonRssKiB',
    'fileRssKiB',
    'shmemRssKiB',
    'uid',
    'pageTablesKiB',
    'oomScoreAdj',
  ];
  const values = kill.slice(3).map((digits) => (digits === undefined ? undefined : Number(digits)));
  return Object.fromEntries(
    names.flatMap((name, at) => (values[at] === undefined ? [] : [[name, values[at]!]])),
  );
}
