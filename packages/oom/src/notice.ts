/** What a log says of a kill whose own line it does not have. */
export type NoticeKind =
  /** A report chose a process, and no kill followed. */
  | 'report-without-kill'
  /** `Kill process 29 (java) … or sacrifice child` without what it announces. */
  | 'announced-without-kill'
  /** The memory of a process was freed that no line says was killed. */
  | 'reaped-without-kill';

/** Reports a kill whose own line is not in the log. JSON-able. */
export interface Notice {
  schema: 'oomwatcher.notice/v1';
  kind: NoticeKind;
  /** Of the line, as of a kill. */
  id: string;
  time?: string;
  monotonicUs?: number;
  seq?: number;
  bootId?: string;
  host?: string;
  process?: { pid: number; name?: string };
  /** Where the process was, and whose limit was hit. */
  cgroup?: { victim?: string; limit?: string };
}
