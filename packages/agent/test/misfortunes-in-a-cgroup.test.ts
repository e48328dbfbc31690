import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { limitedCgroup, memoryHierarchy, needs } from '../../../test/support/needs.ts';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { apiPod, HttpApi } from '../../kubernetes/test/support/http-api.js';
import { Chance, misfortune } from '../../kubernetes/test/support/misfortunes.js';
import { heapOptions, oneFile } from './support/one-file.js';

const seed = Number(process.env.OOMWATCHER_SEED ?? 17);
const misfortunes = 1_000;

/** The memory limit of deploy/'s DaemonSet. */
const limitBytes = 256 * 1024 * 1024;

/** A memory cgroup of this limit, without swap. */
function limited() {
  const folder = join(memoryHierarchy() as string, `oomwatcher-holds-${process.pid}`);
  mkdirSync(folder);
  const isV1 = existsSync(join(folder, 'memory.limit_in_bytes'));
  const write = (file: string, value: number) => {
    if (existsSync(join(folder, file))) writeFileSync(join(folder, file), String(value));
  };
  write(isV1 ? 'memory.limit_in_bytes' : 'memory.max', limitBytes);
  write(isV1 ? 'memory.swappiness' : 'memory.swap.max', 0);
  const kills = () => {
    const events = readFileSync(
      join(folder, isV1 ? 'memory.oom_control' : 'memory.events'),
      'utf8',
    );
    return Number(/^oom_kill (\d+)$/m.exec(events)?.[1] ?? 0);
  };
  return { folder, kills };
}

/** The kernel lets go of the last process a moment after it has ended. */
async function removed(folder: string): Promise<void> {
  for (let attempt = 0; existsSync(folder); attempt++) {
    try {
      rmdirSync(folder);
    } catch (error) {
      if (attempt > 500) throw error;
      await sleep(10);
    }
  }
}

interface Figures {
  kills: number;
  recorded: number;
  health: { ok: boolean; lag: number; skipped: number };
  peakKiB: number;
}

needs(limitedCgroup).test(
  `${misfortunes} answers of any kind do not get the agent killed in its own 256 MiB`,
  async () => {
    const chance = new Chance(seed);
    const api = await HttpApi.start();
    const uids = ['a', 'b', 'c'];
    api.pods = uids.map((uid) => apiPod(uid));
    let met = 0;
    api.meddle = (asked, response) => {
      if (met >= misfortunes || chance.is(0.4)) return false;
      met++;
      misfortune(chance, api, asked, response);
      return true;
    };
    const cgroup = limited();
    onTestFinished(() => removed(cgroup.folder));
    const about = {
      folder: temporaryFolder(),
      kubeconfig: api.kubeconfig(),
      nodeName: api.node.name,
      uids,
    };
    const command = [
      process.execPath,
      ...heapOptions,
      await oneFile('unfortunate-agent.ts'),
      JSON.stringify(about),
    ];
    const agent = spawn(
      'sh',
      ['-c', 'echo $$ >"$0/cgroup.procs" && exec "$@"', cgroup.folder, ...command],
      { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
    );
    const ended = once(agent, 'exit');
    onTestFinished(async () => {
      agent.kill('SIGKILL');
      await ended;
    });
    await Promise.race([once(agent, 'message'), ended]);
    expect(agent.exitCode).toBeNull();
    const ask = async (question: 'figures' | 'peace') => {
      agent.send(question);
      const [figures] = await Promise.race([once(agent, 'message'), ended]);
      expect(figures, 'the agent lives').toBeTypeOf('object');
      return figures as Figures;
    };
    await expect.poll(() => met, { interval: 200 }).toBe(misfortunes);
    await ask('peace');
    await expect
      .poll(async () => (await ask('figures')).health, { interval: 200 })
      .toMatchObject({ ok: true, lag: 0, skipped: 0 });
    const { kills, recorded, peakKiB } = await ask('figures');
    expect(recorded).toBe(kills);
    const events = [...api.events.values()].reduce((sum, { count }) => sum + count, 0);
    expect(events).toBe(kills);
    expect(cgroup.kills()).toBe(0);
    if (process.env.OOMWATCHER_FIGURES) console.log({ seed, kills, events, peakKiB });
  },
);
