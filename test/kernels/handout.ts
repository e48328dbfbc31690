import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Amendment, amended, type Kill } from '@oomwatcher/oom';

/** What a guest hands out when it is done: see guest/init. */
export interface Handout {
  /** `uname -r`. */
  release: string;
  /** Every record of /dev/kmsg as read(2) gave it; `logComplete` false: the ring overran its reader. */
  log: Buffer;
  logComplete: boolean;
  /** /proc/vmstat's oom_kill over the whole run. */
  kernelCount: number;
  notices: Notice[];
  agentStatus: number;
  scenarios: Map<string, ScenarioHandout>;
}

export interface ScenarioHandout {
  truth: Death[];
  kills: Kill[];
  /** What /proc/vmstat's oom_kill grew by. */
  kernelCount: number;
  /** Of the scenario's script. */
  status: number;
  stderr: string;
}

/** A process that wait(2) saw end; see storm.c and victims.c. */
export interface Death {
  index: number;
  pid: number;
  /** Strings are latin1: one character a byte. */
  comm: string;
  commHex: string;
  cgroup: string;
  limitCgroup?: string;
  signal?: number;
}

export interface Notice {
  kind: string;
  [field: string]: unknown;
}

/** @throws when the tar is not whole. */
export function readHandout(tar: string, folder: string): Handout {
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', tar, '-C', folder]);
  const text = (name: string) => readFileSync(join(folder, name), 'utf8').trim();
  const names = text('scenarios').split('\n');
  const amendments = jsonLines<Amendment>(text('agent.ndjson')).filter(
    ({ schema }) => schema === 'oomwatcher.amendment/v1',
  );
  return {
    release: text('release'),
    log: readFileSync(join(folder, 'kernel-log.kmsg')),
    logComplete: text('kernel-log.error') === '',
    kernelCount: Number(text('kills-after')) - Number(text('kills-before')),
    notices: jsonLines<Notice>(text('agent.stderr')),
    agentStatus: Number(text('agent.status')),
    scenarios: new Map(
      names.map((name) => [
        name,
        {
          truth: jsonLines<Death & { type: string }>(text(`${name}/truth.ndjson`))
            .filter(({ type }) => type === 'child')
            .map(({ type: _, ...death }) => death),
          kills: jsonLines<Kill>(text(`${name}/agent.ndjson`))
            .filter(({ schema }) => schema === 'oomwatcher.kill/v1')
            .map((kill) => amendments.filter(({ id }) => id === kill.id).reduce(amended, kill)),
          kernelCount: Number(text(`${name}/kernel-count`)),
          status: Number(text(`${name}/status`)),
          stderr: text(`${name}/stderr`),
        },
      ]),
    ),
  };
}

function jsonLines<T>(text: string): T[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as T);
}
