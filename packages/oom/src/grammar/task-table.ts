import { unsigned32 } from './kill-line.js';

/** The header of the table of eligible tasks; which columns there are differs between kernels. */
export interface TableHeader {
  type: 'table';
  /** Names of the numeric columns after the pid, in order. */
  columns: string[];
  row: RegExp;
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

export function parseTableHeader(text: string): TableHeader | undefined {
  const match = header.exec(text);
  if (match === null) return undefined;
  const columns = (match[1] as string).split(/ +/);
  // Exactly one space before the name, which may be empty or begin with spaces and digits of its own.
  const row = new RegExp(
    String.raw`^\[ *(\d{1,10})\]((?: +-?\d{1,20}){${columns.length}}) ([\s\S]{0,15})$`,
  );
  return { type: 'table', columns, row };
}

export function parseTableRow(text: string, table: TableHeader): TableRow | undefined {
  const match = table.row.exec(text);
  if (match === null) return undefined;
  const figures = (match[2] as string).trim().split(/ +/);
  const column = (name: string) => Number(figures[table.columns.indexOf(name)] ?? 0);
  return {
    tid: Number(match[1]),
    pid: column('tgid'),
    uid: unsigned32(column('uid')),
    totalVmPages: column('total_vm'),
    rssPages: column('rss'),
    swapPages: column('swapents'),
    oomScoreAdj: column('oom_score_adj'),
    comm: match[3] as string,
  };
}
