import * as kmsg from '@oomwatcher/kmsg';
import * as oom from '@oomwatcher/oom';
import { replayPass } from '../replay/replay-pass.ts';
import { stormCapture } from '../replay/replay-storm.ts';
import { median } from '../support/statistics.ts';

const rows = 5000;
const packages = { ...kmsg, ...oom };

export interface TaskTableResult {
  rows: number;
  rounds: number;
  /** One report, from its bytes to its kill; medians. */
  oursMs: number;
  /** The ported regular expressions on the same lines, each tried on every line. */
  portMs: number;
  /** Median of the ratios in turns. */
  timesOurs: number;
}

/** A node of five thousand processes: the report of one kill prints a row for each. */
export async function taskTable(rounds: number): Promise<TaskTableResult> {
  const capture = stormCapture({ kills: 1, reportEvery: 1, tasks: rows, unrelated: 0 });
  const bytes = Buffer.from(capture, 'latin1');
  const ours: number[] = [];
  const port: number[] = [];
  const warmUp = 5;
  for (let round = 0; round < warmUp + rounds; round++) {
    let start = performance.now();
    const { kills } = await replayPass(packages, bytes);
    const oursMs = performance.now() - start;
    if (kills !== 1) throw new Error(`the report of ${rows} rows gave ${kills} kills`);
    start = performance.now();
    tryExpressions(bytes);
    const portMs = performance.now() - start;
    if (round < warmUp) continue;
    ours.push(oursMs);
    port.push(portMs);
  }
  return {
    rows,
    rounds,
    oursMs: median(ours),
    portMs: median(port),
    timesOurs: median(port.map((ms, i) => ms / (ours[i] as number))),
  };
}

/** Those of cadvisor-port.ts. */
const expressions = [
  /invoked oom-killer:/,
  /oom-kill:constraint=(.*),nodemask=(.*),cpuset=(.*),mems_allowed=(.*),oom_memcg=(.*),task_memcg=(.*),task=(.*),pid=(.*),uid=(.*)/,
  /Task in (.*) killed as a result of limit of (.*)/,
  /Killed process ([0-9]+) \((.+)\)/,
];

function tryExpressions(bytes: Buffer): void {
  let found = 0;
  for (const line of bytes.toString('latin1').split('\n')) {
    for (const expression of expressions) if (expression.exec(line) !== null) found++;
  }
  if (found !== 3) throw new Error(`the expressions matched ${found} lines`);
}
