import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { Agent } from './support/agent.ts';
import { pidsOf, recordedKills } from './support/journal-of.ts';
import { newestSeq, writeKernelLog } from './support/kernel-log.ts';
import { builtAgent, needs, oomKills } from './support/needs.ts';
import { hasRun } from './support/process-usage.ts';
import { killOne } from './support/storm.ts';

const run = (stateDir: string) => ['run', '--json', '--state-dir', stateDir];

needs(builtAgent, oomKills).describe('the journal of a node that kills', () => {
  it('reports a kill that came between two runs once, with its kernel time', async () => {
    const state = temporaryFolder();
    await using first = await Agent.watching(run(state));
    expect(await first.stop()).toEqual({ code: 0, signal: null });
    const startMs = Date.now();
    const { pid } = await killOne({ comm: 'between' });
    const endMs = Date.now();
    await sleep(500);
    await using second = await Agent.watching(run(state));
    const kill = await second.until('reports it', () => second.killOf(pid));
    const atMs = Date.parse(kill.time as string);
    expect(atMs).toBeGreaterThan(startMs - 300);
    expect(atMs).toBeLessThan(endMs + 300);
    await second.stop();
    await using third = await Agent.watching(run(state));
    await sleep(300);
    await third.stop();
    for (const kills of [[...second.kills(), ...third.kills()], recordedKills(state, 'between')])
      expect(pidsOf(kills).filter((other) => other === pid)).toEqual([pid]);
  });

  it('begins with what the log holds as history: recorded, and reported only with --from boot', async () => {
    const state = temporaryFolder();
    const { pid } = await killOne({ comm: 'history' });
    await using now = await Agent.watching(run(state));
    await expect.poll(() => pidsOf(recordedKills(state, 'history'))).toContain(pid);
    await now.stop();
    expect(now.kills('history')).toEqual([]);
    expect(historicIds(state)).toEqual(
      expect.arrayContaining(recordedKills(state, 'history').map(({ id }) => id)),
    );
    await using boot = await Agent.watching([...run(state), '--from', 'boot']);
    await boot.until('reports it', () => boot.killOf(pid));
    await boot.stop();
    expect(pidsOf(boot.kills('history')).filter((other) => other === pid)).toEqual([pid]);
  });

  it('begins anew with a new boot: what its log holds nobody has reported', async () => {
    const state = temporaryFolder();
    await using first = await Agent.watching(run(state));
    await first.stop();
    const db = new DatabaseSync(join(state, 'journal.db'));
    db.exec("DELETE FROM kills; UPDATE boots SET boot_id = 'the boot before'");
    db.close();
    const { pid } = await killOne({ comm: 'new-boot' });
    await using second = await Agent.watching(run(state));
    await second.until('reports it', () => second.killOf(pid));
    await second.stop();
    expect(historicIds(state)).toEqual([]);
  });

  it('does not count what it read and nobody wanted as lost after a restart', async () => {
    const state = temporaryFolder();
    await using first = await Agent.watching(run(state));
    for (let i = 0; i < 200; i++) writeKernelLog(`<7>unwanted ${i}`);
    const seq = newestSeq();
    await hasRun(first.pid, 500);
    await first.stop();
    const db = new DatabaseSync(join(state, 'journal.db'), { readOnly: true });
    const boot = db.prepare('SELECT seq FROM boots').get();
    db.close();
    expect(boot?.seq).toBeGreaterThanOrEqual(seq - 1);
  });

  it('belongs to one agent: a second one says so, waits, and goes on when the first has ended', async () => {
    const state = temporaryFolder();
    await using first = await Agent.watching(run(state));
    await using second = new Agent(run(state));
    await second.until('waits', () =>
      second.stderr.find(({ text }) => text.includes('takes over')),
    );
    const before = await killOne({ comm: 'of-the-first' });
    await first.until('reports it', () => first.killOf(before.pid));
    // As a node's rollout does, in the middle of kills.
    expect(await first.stop()).toEqual({ code: 0, signal: null });
    const after = await killOne({ comm: 'of-the-second' });
    await second.until('reports it', () => second.killOf(after.pid));
    expect(second.killOf(before.pid)).toBeUndefined();
    expect(await second.stop()).toEqual({ code: 0, signal: null });
  });

  it('is not waited for by an agent that is asked to end', async () => {
    const state = temporaryFolder();
    await using first = await Agent.watching(run(state));
    await using second = new Agent(run(state));
    await second.until('waits', () =>
      second.stderr.find(({ text }) => text.includes('takes over')),
    );
    expect(await second.stop()).toEqual({ code: 0, signal: null });
    expect(await first.stop()).toEqual({ code: 0, signal: null });
  });
});

function historicIds(stateDir: string): unknown[] {
  const db = new DatabaseSync(join(stateDir, 'journal.db'), { readOnly: true });
  const rows = db.prepare('SELECT id FROM kills WHERE historic = 1').all();
  db.close();
  return rows.map(({ id }) => id);
}
