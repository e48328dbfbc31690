import { join } from 'node:path';
import type { Sink, SinkHealth } from '@oomwatcher/journal';
import { afterEach, expect, test } from 'vitest';
import { openJournal } from '../../journal/test/support/journals.js';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { runCommand } from '../src/cli/commands/run.js';
import { Agent } from '../src/runtime/agent.js';
import { contentName } from '../src/runtime/capture-ids.js';
import { capture } from './support/captures.js';
import { collector } from './support/outputs.js';
import { temporaryFile } from './support/temporary.js';

const signals = ['SIGINT', 'SIGTERM'] as const;
const listeners = signals.map((signal) => process.listeners(signal));

afterEach(() => {
  signals.forEach((signal, index) => {
    for (const listener of process.listeners(signal)) {
      if (!listeners[index]?.includes(listener)) process.off(signal, listener);
    }
  });
});

const group = capture('6.1.0-56--c-group');

async function replay(stateDir: string, path: string) {
  const { kills, notices, reporter } = collector();
  await runCommand({ stateDir, watch: { capture: path } }, reporter);
  return { kills, notices };
}

test('a capture is recorded under ids of its own content, and reported as watch reports it', async () => {
  const stateDir = temporaryFolder();
  const { kills, notices } = await replay(stateDir, group);
  const name = await contentName(group);
  expect(name).toMatch(/^capture-[0-9a-f]{16}$/);
  expect(kills).toHaveLength(5);
  for (const { id, seq, group } of kills) {
    expect(id).toBe(`${name}:${seq}`);
    expect(group?.id).toBe(`${name}:${kills[0]?.seq}`);
  }
  expect(notices.map(({ kind }) => kind)).toEqual(['source', 'journal', 'summary']);
  expect(notices[1]).toEqual({
    kind: 'journal',
    storage: 'disk',
    path: join(stateDir, 'journal.db'),
  });
  expect(openJournal(stateDir).after(0, 100)).toMatchObject(
    kills.map((kill) => ({ kill, historic: false })),
  );
});

test('each kill is recorded with the kernel’s lines about it, a group’s with its report', async () => {
  const stateDir = temporaryFolder();
  const { kills } = await replay(stateDir, group);
  const journal = openJournal(stateDir);
  for (const kill of kills) {
    const { lines = [] } = journal.report(kill) ?? {};
    expect(lines[0]).toMatch(/invoked oom-killer/);
    expect(lines.at(-1)).toContain(`Killed process ${kill.victim?.pid} `);
    expect(kill).not.toHaveProperty('report');
  }
});

test('the same capture replayed is not recorded twice, another one is', async () => {
  const stateDir = temporaryFolder();
  await replay(stateDir, group);
  expect((await replay(stateDir, group)).kills).toEqual([]);
  expect((await replay(stateDir, capture('5.10.0-32--c-group'))).kills.length).toBeGreaterThan(0);
});

test('a capture of two boots has both, though their numbers are the same', async () => {
  const line = (pid: number) =>
    `3,7,1000,-;Out of memory: Killed process ${pid} (a) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB\n`;
  const path = temporaryFile(line(1) + line(2));
  const { kills } = await replay(temporaryFolder(), path);
  const name = await contentName(path);
  expect(kills.map(({ id, victim }) => [id, victim?.pid])).toEqual([
    [`${name}:7`, 1],
    [`${name}-2:7`, 2],
  ]);
});

test('a capture that is not there is an error, after which the folder is free', async () => {
  const stateDir = temporaryFolder();
  await expect(replay(stateDir, '/no/such')).rejects.toMatchObject({ code: 'ENOENT' });
  expect((await replay(stateDir, group)).kills).toHaveLength(5);
});

/** A sink that has delivered what `lag` says. */
function fakeSink(lag: () => number) {
  const calls: string[] = [];
  const sink: Sink = {
    name: 'fake',
    start: () => void calls.push('start'),
    wake: () => void calls.push('wake'),
    health: (): SinkHealth => ({ ok: true, lag: lag(), failures: 0, skipped: 0 }),
    stop: async () => void calls.push('stop'),
  };
  return { calls, sink };
}

async function agentOn(path: string) {
  const { notices, reporter } = collector();
  const agent = await Agent.open(
    { stateDir: temporaryFolder(), watch: { capture: path } },
    reporter,
  );
  return { agent, notices };
}

test('a sink is started before the first kill, woken by it, waited for and stopped', async () => {
  const { agent, notices } = await agentOn(group);
  let lag = 5;
  const { calls, sink } = fakeSink(() => lag);
  agent.addSink('fake', () => sink);
  const running = agent.run();
  await expect.poll(() => notices.some(({ kind }) => kind === 'summary')).toBe(true);
  expect(calls[0]).toBe('start');
  expect(calls).toContain('wake');
  expect(calls).not.toContain('stop');
  lag = 0;
  await running;
  expect(calls.at(-1)).toBe('stop');
  expect(notices.map(({ kind }) => kind)).not.toContain('undelivered');
});

test('a signal ends the waiting for a sink that cannot deliver, and says what it has not got', async () => {
  const { agent, notices } = await agentOn(group);
  agent.addSink('fake', () => fakeSink(() => 3).sink);
  const running = agent.run();
  await expect.poll(() => notices.some(({ kind }) => kind === 'summary')).toBe(true);
  agent.stop();
  await running;
  expect(notices.at(-1)).toEqual({ kind: 'undelivered', sink: 'fake', kills: 3 });
});

test('what is known of a kill at once is recorded with it', async () => {
  const { agent } = await agentOn(group);
  const { journal } = agent;
  agent.enrichWith((kill) => ({ ...kill, pod: { uid: 'u', namespace: 'shop', name: 'db-0' } }));
  const seen: unknown[] = [];
  journal.onChange(({ kills }) => seen.push(...kills.map(({ kill }) => kill.pod?.name)));
  await agent.run();
  expect(seen).toEqual(Array.from({ length: 5 }, () => 'db-0'));
});
