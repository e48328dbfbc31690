import type { DayResult } from './suites/day.ts';
import type { Floods } from './suites/flood.ts';
import type { IdleResult } from './suites/idle.ts';
import type { LatencyResult } from './suites/latency.ts';
import type { RingResult } from './suites/ring.ts';
import type { StormResult } from './suites/storm.ts';
import type { SyslogResult } from './suites/syslog.ts';
import type { TaskTableResult } from './suites/task-table.ts';
import type { WitnessResult } from './suites/witness.ts';

/** Everything that one run measured, on one machine; absent is what results of an earlier version do not have. */
export interface Results {
  machine: string;
  measuredOn: string;
  ring: RingResult[];
  syslog: SyslogResult;
  taskTable: TaskTableResult;
  storm: StormResult[];
  latency: LatencyResult;
  idle: IdleResult;
  flood?: Floods;
  day: DayResult;
  witness?: WitnessResult;
}
