import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Agent } from './support/agent.ts';
import { compileStatic } from './support/compile.ts';
import { nspawnTests, runtimesFolder } from './support/hosts/assets.ts';

const nspawn = join(runtimesFolder() ?? '', 'usr/bin/systemd-nspawn');
const limit = 'MemoryMax=24M';

/** How a machine comes to its unit, and the unit that systemd has it in. */
const machines = [
  {
    by: 'itself',
    start: (args: string[]) => [nspawn, '--register=no', `--property=${limit}`, ...args],
    unit: (name: string) => `${name}.scope`,
  },
  {
    by: 'systemd-machined',
    start: (args: string[]) => [nspawn, `--property=${limit}`, ...args],
    unit: (name: string) => `machine-${name.replaceAll('-', '\\x2d')}.scope`,
  },
  {
    by: 'its service',
    start: (args: string[], name: string) => [
      ...['systemd-run', '--quiet', '--wait', '--collect', '--slice=machine.slice'],
      ...[`--unit=systemd-nspawn@${name}.service`, '-p', limit, '-p', 'Delegate=yes'],
      ...['-p', 'DefaultDependencies=no', '-E', 'LD_LIBRARY_PATH'],
      ...[nspawn, '--keep-unit', '--register=no', ...args],
    ],
    unit: (name: string) => `systemd-nspawn@${name}.service`,
  },
];

nspawnTests('a machine of systemd-nspawn, on cgroup v2', () => {
  const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-nspawn-'));
  const root = join(folder, 'root');
  let agent: Agent;

  beforeAll(async () => {
    // It runs nothing that has no /usr.
    mkdirSync(join(root, 'usr'), { recursive: true });
    copyFileSync(compileStatic(join(import.meta.dirname, 'support/node/hog.c')), join(root, 'hog'));
    const args = ['run', '--json', '--listen', 'none', '--state-dir', join(folder, 'state')];
    agent = await Agent.watching(args);
  });

  afterAll(async () => {
    await agent?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  /** Returns what ends it. */
  function start(command: string[], unit: string): () => Promise<void> {
    const [program = '', ...args] = command;
    // Its library is of its own version alone.
    const [libraries = ''] = globSync(join(runtimesFolder() ?? '', 'usr/lib/*-linux-gnu/systemd'));
    const env = { ...process.env, LD_LIBRARY_PATH: libraries };
    const child = spawn(program, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
    const exited = once(child, 'exit');
    return async () => {
      spawnSync('systemctl', ['kill', '--signal=KILL', unit]);
      await exited;
    };
  }

  it.each(
    machines.flatMap((machine, i) => [
      { ...machine, which: 'main process', name: `shop-main-${i}`, args: ['eat'] },
      { ...machine, which: 'child', name: `shop-child-${i}`, args: ['children', '1'] },
    ]),
  )('has its name in a kill of its $which, in the unit made by $by', async (machine) => {
    const { name, args, which } = machine;
    const unit = machine.unit(name);
    const bare = ['--quiet', '--resolv-conf=off', '--timezone=off', '--link-journal=no'];
    const what = [...bare, '-M', name, '-D', root, '/hog', ...args];
    const end = start(machine.start(what, name), unit);
    try {
      const kill = await agent.until(`tells the kill in ${name}`, () =>
        agent.kills('hog').find(({ cgroup }) => cgroup?.victim?.includes(unit)),
      );
      expect(kill.container).toMatchObject({ id: name, runtime: 'systemd-nspawn' });
      expect(kill.cgroup?.victim).toBe(`/machine.slice/${unit}/payload`);
      expect(kill.victim?.mainProcess).not.toBe(which === 'child');
      console.log(`${kill.cgroup?.victim}: ${kill.container?.id}`);
    } finally {
      await end();
    }
  });
});
