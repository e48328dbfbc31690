import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kill } from '@oomwatcher/oom';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { Agent } from './support/agent.ts';
import {
  builtAgent,
  memoryHierarchy,
  needs,
  oomKills,
  privateMounts,
  readableByNobody,
  setpriv,
} from './support/needs.ts';
import { command, root } from './support/paths.ts';
import { runStorm } from './support/storm.ts';
import { mounted } from './support/surroundings.ts';

const folder = memoryHierarchy() ?? '';
const { describe } = needs(builtAgent, oomKills, privateMounts, setpriv, readableByNobody);

/** What demos have made and not removed. */
function leftBehind(): string[] {
  const cgroups = readdirSync(folder).filter((name) => name.startsWith('oomwatcher-demo'));
  const running = globSync('/proc/[0-9]*/stat').filter((file) => {
    try {
      // Not a zombie that pid 1 has not reaped yet.
      return /^\d+ \(oomwatcher-demo\) [^Z]/.test(readFileSync(file, 'latin1'));
    } catch {
      return false;
    }
  });
  return [...cgroups, ...running];
}

async function demo(...args: string[]) {
  await using agent = new Agent(['demo', ...args]);
  const { code } = await agent.exited;
  const text = (lines: typeof agent.stdout) => lines.map((line) => line.text).join('\n');
  return { code, stdout: text(agent.stdout), stderr: text(agent.stderr) };
}

describe('the demo', () => {
  beforeEach(() => expect(leftBehind()).toEqual([]));
  afterEach(() => expect(leftBehind()).toEqual([]));

  it('shows a real kill as it arrives, and explains it', async () => {
    const { code, stdout, stderr } = await demo();
    expect(code, stderr).toBe(0);
    const [line, ...explanation] = stdout.split('\n');
    expect(line).toMatch(/OOM kill {2}oomwatcher-demo \(pid \d+\)/);
    expect(explanation.join('\n')).toMatch(/Killed {5}oomwatcher-demo, process \d+/);
    expect(stderr).toContain('limit of 16.0 MiB');
    expect(stderr).toContain('nothing is left behind');
  });

  it('works when the kernel has used up its ten reports', async () => {
    // Whether the demo's kill is among an interval's first ten is chance, so storms go on beside it.
    let isOver = false;
    const storms = (async () => {
      while (!isOver) await runStorm({ kills: 30, cgroups: 4, parallel: 8, comm: 'used-up' });
    })();
    try {
      for (let attempt = 0; attempt < 20; attempt++) {
        const { code, stdout, stderr } = await demo('--json');
        expect(code, stderr).toBe(0);
        const kill = JSON.parse(stdout) as Kill;
        expect(kill.victim?.name).toBe('oomwatcher-demo');
        if (!kill.complete) return;
      }
    } finally {
      isOver = true;
      await storms;
    }
    throw new Error('twenty demos had a whole report each');
  });

  it.each([
    ['SIGINT', 'Made the cgroup'],
    ['SIGTERM', 'Made the cgroup'],
    ['SIGINT', 'Process '],
    ['SIGHUP', 'Process '],
  ] as const)('removes everything at %s after “%s”', async (signal, step) => {
    await using agent = new Agent(['demo']);
    await agent.until(`says ${step}`, () => agent.stderr.find(({ text }) => text.startsWith(step)));
    agent.signal(signal);
    const { code } = await agent.exited;
    // The kill may have been reported before the signal came.
    expect([0, 1]).toContain(code);
    if (code === 1) expect(agent.stderr.at(-1)?.text).toContain('interrupted');
  });

  it('removes everything whenever it is interrupted', async () => {
    const startedMs = performance.now();
    await demo();
    const wholeMs = performance.now() - startedMs;
    for (let step = 1; step <= 12; step++) {
      await using agent = new Agent(['demo']);
      await sleep((wholeMs * step) / 10);
      agent.signal(step % 2 === 0 ? 'SIGINT' : 'SIGTERM');
      await agent.exited;
      expect(leftBehind(), `after ${step}/10 of its time`).toEqual([]);
    }
  });

  it('removes everything when nobody reads what it says', () => {
    const { status } = spawnSync('sh', ['-c', '"$0" demo 2>&1 | true', command]);
    expect(status).toBe(0);
  });

  it('removes what one that was killed by force has left', async () => {
    for (const step of ['Made the cgroup', 'Process ']) {
      await using agent = new Agent(['demo']);
      await agent.until(`says ${step}`, () =>
        agent.stderr.find(({ text }) => text.startsWith(step)),
      );
      agent.signal('SIGKILL');
      await agent.exited;
      expect((await demo()).code).toBe(0);
      expect(leftBehind()).toEqual([]);
    }
  });

  it.each([
    ['of a process that runs', () => `${ownNamespace()}-${process.pid}-${ownStart()}`],
    ['of another pid namespace', () => '1-2-3'],
  ])('does not touch a cgroup %s', async (_, identity) => {
    const other = makeCgroup(`oomwatcher-demo-${identity()}`);
    expect((await demo()).code).toBe(0);
    rmdirSync(other);
  });

  it('kills nobody that it did not start', async () => {
    const other = makeCgroup(`oomwatcher-demo-${ownNamespace()}-${process.pid}-1`);
    const stranger = spawn('sleep', ['600']);
    try {
      writeFileSync(join(other, 'cgroup.procs'), String(stranger.pid));
      expect((await demo()).code).toBe(0);
      expect(isRunning(stranger)).toBe(true);
    } finally {
      stranger.kill('SIGKILL');
      await once(stranger, 'exit');
      await removed(other);
    }
  });

  it.each([
    ['no hierarchy', mounted('mount -t tmpfs tmpfs /sys/fs/cgroup'), /memory cgroup/],
    [
      'one that is read-only',
      mounted('mount -o remount,bind,ro "$1"', folder),
      /mounted read-only.*on the node itself/,
    ],
    [
      'one of root’s',
      [
        'setpriv',
        '--reuid=65534',
        '--regid=65534',
        '--clear-groups',
        '--inh-caps=+syslog',
        '--ambient-caps=+syslog',
      ],
      /may not be written \(EACCES\).*run it as root/,
    ],
    ['no kernel log', ['setpriv', '--bounding-set=-syslog,-sys_admin'], /\/dev\/kmsg.*CAP_SYSLOG/],
  ])('says in one sentence why it plays a recording where there is %s', (_, wrapper, sentence) => {
    const [program = '', ...args] = [...wrapper, command, 'demo'];
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    const [first = '', ...notices] = stderr.trimEnd().split('\n');
    expect(first).toMatch(sentence);
    expectRecording([first, ...notices], stdout);
    expect(status).toBe(0);
  });

  it('plays a recording where there is no shell, and leaves nothing', () => {
    const [program = '', ...args] = [
      ...mounted('mount --bind /dev/null /bin/sh'),
      join(root, 'node_modules/node/bin/node'),
      join(root, 'packages/agent/dist/cli/main.js'),
      'demo',
    ];
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    expect(stderr).not.toContain('undefined');
    const notices = stderr.trimEnd().split('\n');
    const why = notices.findIndex((text) => /needs a shell.*EACCES/.test(text));
    expectRecording(notices.slice(why), stdout);
    expect(status).toBe(0);
  });
});

/** Every notice says where it was recorded, and all its kills are reported. */
function expectRecording(notices: string[], stdout: string): void {
  for (const text of notices) {
    expect(text).toMatch(/\(recorded on 23 November 2026, kernel 6\.12\S*, virtual machine\)$/);
  }
  expect(stdout.match(/OOM kill/g)).toHaveLength(60);
}

function makeCgroup(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  onTestFinished(() => removed(path));
  return path;
}

async function removed(path: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      return rmdirSync(path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return;
      if (code !== 'EBUSY') throw error;
      await sleep(10);
    }
  }
  throw new Error(`${path} stays busy`);
}

function ownNamespace(): string {
  return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] as string;
}

/** When this process began, clock ticks since boot: field 22 of stat; the name of this one has no space. */
function ownStart(): string {
  return readFileSync('/proc/self/stat', 'latin1').split(' ')[21] as string;
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
