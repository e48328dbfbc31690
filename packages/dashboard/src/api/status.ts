import type { AccountSinceBoot, Recurrence, SinkHealth, Storage } from '@oomwatcher/journal';

/** One thing that the agent looks at, and what is or was wrong with it. */
export interface Check {
  name: string;
  ok: boolean;
  reason?: string;
}

/** What the page shows above everything else; `GET /api/v1/status`. */
export interface Status {
  version: string;
  /** The machine's name. */
  node: string;
  startedMs: number;
  /** Which reader of the log is live, and why. */
  source: { readonly kind: string; readonly reason: string };
  /** Where the recorded log comes from that is shown; absent: none is. */
  recording?: string | undefined;
  reader: { kind: 'starting' } | { kind: 'watching' } | { kind: 'dead'; reason: string };
  storage: Storage;
  /** The first and last row of the journal; absent: it is empty. */
  rows: { oldest: number; newest: number } | undefined;
  oldestMs: number | undefined;
  /** The newest kill, and how often its workload was killed; absent: there is none. */
  newest:
    | {
        row: number;
        name: string | undefined;
        timeMs: number;
        recurrence: Recurrence | undefined;
      }
    | undefined;
  account: AccountSinceBoot | undefined;
  /** Whether the kernel itself tells of kills, and what its program has counted; absent: that was not asked for. */
  witness?:
    | {
        live: boolean;
        reason: string;
        stats?: { told?: number; dropped?: number; pinned: boolean };
      }
    | undefined;
  /** Whether the minutes before kills are recorded, and what that costs; absent: that was not asked for. */
  runUps?:
    | {
        live: boolean;
        reason: string;
        stats?: { cgroups: number; heldBytes: number; cpuShare: number; stretch: number };
      }
    | undefined;
  log: { read: number; lost: number; forged: number; lastRecordMs: number | undefined };
  ready: { ok: boolean; checks: Check[] };
  sinks: ({ name: string } & SinkHealth)[];
}
