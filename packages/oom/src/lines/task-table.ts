import type { LineFamily } from './family.js';
import { unsigned32 } from './figures.js';

/** The columns that are asked for. Which there are, and where, differs between kernels. */
const asked = ['uid', 'tgid', 'total_vm', 'rss', 'swapents', 'oom_score_adj'] as const;
type Column = (typeof asked)[number];

/** The header of the table of eligible tasks. */
export interface TableHeader {
  type: 'table';
  /** One row: groups for the pid, the columns that are asked for, and the name. */
  row: RegExp;
  /** The group of each column that the table has. */
  groups: Partial<Record<Column, number>>;
  nameGroup: number;
}

/** One task of the table. Figures in pages. */
export interface TableRow {
  /** A thread's id when its process's leader has exited. */
  tid: number;
  pid: number;
  uid: number;
  totalVmPages: number;
  rssPages: number;
  swapPages: number;
  oomScoreAdj: number;
  comm: string;
}

const header = /^\[ *pid *\] +(uid +tgid +total_vm +rss(?: +[a-z_]+)*) +name$/;

/** The header's family; its rows begin with the same bracket and are read by the header. */
export const tableFamily: LineFamily<TableHeader> = {
  type: 'table',
  parse: parseTableHeader,
  begins: ['['],
  rank: 'detail',
  forgeable: false,
  sample: '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
};

export function parseTableHeader(text: string): TableHeader | undefined {
  const match = header.exec(text);
  if (match === null) return undefined;
  const groups: TableHeader['groups'] = {};
  let lastGroup = pidGroup;
  let figures = '';
  for (const column of (match[1] as string).split(/ +/)) {
    const isAsked = isColumn(column) && groups[column] === undefined;
    if (isAsked) groups[column] = ++lastGroup;
    figures += isAsked ? ` +(${figure})` : ` +${figure}`;
  }
  // Exactly one space before the name, which may be empty or begin with spaces and digits of its own.
  const row = new RegExp(String.raw`^\[ *(\d{1,10})\]${figures} ([\s\S]{0,15})$`);
  return { type: 'table', row, groups, nameGroup: lastGroup + 1 };
}

const pidGroup = 1;
const figure = String.raw`-?\d{1,20}`;

function isColumn(name: string): name is Column {
  return (asked as readonly string[]).includes(name);
}

export function parseTableRow(
  text: string,
  { row, groups, nameGroup }: TableHeader,
): TableRow | undefined {
  const match = row.exec(text);
  if (match === null) return undefined;
  return {
    tid: Number(match[pidGroup]),
    pid: number(match, groups.tgid),
    uid: unsigned32(number(match, groups.uid)),
    totalVmPages: number(match, groups.total_vm),
    rssPages: number(match, groups.rss),
    swapPages: number(match, groups.swapents),
    oomScoreAdj: number(match, groups.oom_score_adj),
    comm: match[nameGroup] as string,
  };
}

function number(match: RegExpExecArray, group: number | undefined): number {
  return group === undefined ? 0 : Number(match[group]);
}
