import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { compile } from './compile.ts';
import { newestSeq, type RawRecord, readKernelLog } from './kernel-log.ts';

/** See storm.c, which documents every option and field. */
export interface StormOptions {
  kills?: number;
  /** How many, or their paths below the root of the memory hierarchy. */
  cgroups?: number | string[];
  parallel?: number;
  limitKiB?: number;
  limitUp?: number;
  /** The processes' names with %i and %g, or each name's bytes. */
  comm?: string | Uint8Array[];
  survivor?: boolean;
  pidNamespace?: boolean;
  /** Each cgroup is removed as soon as its process was killed. */
  brief?: boolean;
  /** The first kill waits for it, while the cgroups are there. */
  hold?: Promise<void>;
  /** The cgroups stay for so long after the last kill. */
  lingerMs?: number;
}

/** A process that the kernel killed: what wait(2) says. */
export interface StormChild {
  index: number;
  pid: number;
  /** In survivor mode: the container's first process. */
  mainPid?: number;
  /** latin1: one character a byte. */
  comm: string;
  commHex: string;
  cgroup: string;
  limitCgroup: string;
  signal: number;
  mainSurvived?: boolean;
  killedAtMonotonicUs: number;
}

export interface StormTotals {
  kills: number;
  sigkilled: number;
  vmstatBefore: number | null;
  vmstatAfter: number | null;
  cgroups: { path: string; oomKillBefore: number | null; oomKillAfter: number | null }[];
}

export interface Truth {
  children: StormChild[];
  totals: StormTotals;
}

const run = promisify(execFile);

/** Ends what hangs. */
const timeoutS = 540;

export function stormProgram(): string {
  return compile(join(import.meta.dirname, 'storm.c'));
}

/** Causes OOM kills and returns the truth about them. @throws when one of the processes was not killed. */
export async function runStorm(options: StormOptions = {}): Promise<Truth> {
  const running = run(stormProgram(), stormArguments(options), { maxBuffer: 64 * 1024 * 1024 });
  void options.hold?.finally(() => running.child.stdin?.end());
  const { stdout } = await running;
  return truthIn(stdout);
}

function truthIn(stdout: string): Truth {
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return {
    children: lines.filter(({ type }) => type === 'child'),
    totals: lines.find(({ type }) => type === 'totals'),
  };
}

/** A storm whose cgroups, where lost kills are looked for, stay until it is disposed of. */
export class LingeringStorm implements AsyncDisposable {
  /** When the last process is dead. Rejects when one was not killed. */
  readonly truth: Promise<Truth>;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  constructor(options: StormOptions) {
    const args = [...stormArguments(options), '--linger-until-eof'];
    this.#child = spawn(stormProgram(), args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#exited = once(this.#child, 'close');
    const { promise, resolve, reject } = Promise.withResolvers<Truth>();
    promise.catch(() => {});
    this.truth = promise;
    let stdout = '';
    let stderr = '';
    this.#child.stdout?.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      if (/^\{"type":"totals".*\n/m.test(stdout)) resolve(truthIn(stdout));
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    this.#child.once('close', () => reject(new Error(`the storm ended early: ${stderr}`)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin?.end();
    await this.#exited;
  }
}

/** Several storms as one. */
export function together(...truths: Truth[]): Truth {
  const [{ totals }] = truths as [Truth];
  return {
    children: truths.flatMap(({ children }) => children),
    totals: { ...totals, cgroups: truths.flatMap((truth) => truth.totals.cgroups) },
  };
}

/** One kill. */
export async function killOne(options: StormOptions = {}): Promise<StormChild> {
  const { children } = await runStorm(options);
  return children[0] as StormChild;
}

/** The kernel prints ten reports in five seconds (oom_rs in mm/oom_kill.c); some milliseconds for its clock. */
export const reportWindowMs = 5_200;

/** One kill with a whole report: another one when the kernel withheld it, since earlier kills had used up its reports. */
export async function killReported(options: StormOptions = {}): Promise<StormChild> {
  for (let attempt = 0; attempt < maxWithheld; attempt++) {
    const before = newestSeq();
    const child = await killOne(options);
    const since = readKernelLog().filter(({ seq, priority }) => seq > before && priority < 8);
    if (hasReport(since, child.pid)) return child;
    await sleep(reportWindowMs);
  }
  throw new Error(`the kernel withheld ${maxWithheld} reports: who else causes OOM kills here?`);
}

/** Other tests cause kills too, and use up the reports. */
const maxWithheld = 20;

/** Whether the report before the process's kill line is its own: the kernel prints one kill after the other. */
function hasReport(records: readonly RawRecord[], pid: number): boolean {
  let isOpen = false;
  for (const { text } of records) {
    if (text.includes('invoked oom-killer')) isOpen = true;
    const [, killed] = /Killed process (\d+) /.exec(text) ?? [];
    if (killed === undefined) continue;
    if (Number(killed) === pid) return isOpen;
    isOpen = false;
  }
  return false;
}

function stormArguments(options: StormOptions): string[] {
  const { kills, cgroups, parallel, limitKiB, limitUp, comm, survivor, pidNamespace } = options;
  const { brief, hold, lingerMs } = options;
  return [
    ...option('--kills', kills),
    ...(Array.isArray(cgroups)
      ? cgroups.flatMap((path) => ['--cgroup', path])
      : option('--cgroups', cgroups)),
    ...option('--parallel', parallel),
    ...option('--limit-kib', limitKiB),
    ...option('--limit-up', limitUp),
    ...(Array.isArray(comm)
      ? comm.flatMap((bytes) => ['--comm-hex', Buffer.from(bytes).toString('hex')])
      : option('--comm', comm)),
    ...(survivor ? ['--survivor'] : []),
    ...(brief ? ['--brief'] : []),
    ...(hold ? ['--hold'] : []),
    ...option('--linger-ms', lingerMs),
    ...option('--timeout', timeoutS),
    ...(pidNamespace ? ['--pid-namespace'] : []),
  ];
}

function option(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [name, String(value)];
}

export interface KubeletCgroup {
  path: string;
  podUid: string;
  containerId: string;
}

/** A container's cgroup as kubelet's systemd driver and containerd name it. */
export function kubeletCgroup(): KubeletCgroup {
  const podUid = randomUUID();
  const containerId = randomBytes(32).toString('hex');
  const slice = `kubepods-burstable-pod${podUid.replaceAll('-', '_')}.slice`;
  return {
    path: `/kubepods.slice/kubepods-burstable.slice/${slice}/cri-containerd-${containerId}.scope`,
    podUid,
    containerId,
  };
}
