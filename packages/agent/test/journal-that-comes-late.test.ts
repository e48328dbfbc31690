import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { killsOf, openJournal, record } from '../../journal/test/support/journals.js';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { IsolatedSink } from '../src/runtime/isolated-sink.js';
import { KillCounts } from '../src/sinks/metrics/kill-counts.js';
import { serve } from './support/agent-states.js';
import { untilMetric } from './support/scraped.js';

/** The state of an agent that runs while its journal of before, with 60 kills that were counted, is not there yet. */
function startedWithout() {
  const folder = join(temporaryFolder(), 'state');
  mkdirSync(folder);
  const before = openJournal(folder);
  record(before, killsOf(1, 60));
  new KillCounts(before).stop();
  before.close();
  renameSync(folder, `${folder}.later`);
  const journal = openJournal(folder, { retryMs: 20 });
  const come = () => {
    rmSync(folder, { recursive: true });
    renameSync(`${folder}.later`, folder);
  };
  return { journal, come };
}

test('metrics count what both have, and the page reads the journal anew', async () => {
  const { journal, come } = startedWithout();
  const { url, ask } = await serve({ journal });
  const counted = (kills: number) => untilMetric(ask, 'oomwatcher_node_oom_kills_total', kills);
  record(journal, killsOf(61, 5));
  expect(await counted(5)).toContain('oomwatcher_node_oom_kills_total{scope="unknown",node="');
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const answer = await fetch(`${url}/api/v1/events`, { signal: abort.signal });
  let told = '';
  const reading = (async () => {
    for await (const chunk of answer.body ?? []) told += Buffer.from(chunk).toString();
  })().catch(() => {});
  come();
  await expect.poll(() => told).toContain('id: 65\n');
  expect(told).toContain('id: 65\nevent: reset');
  record(journal, killsOf(66, 1));
  await expect.poll(() => told).toContain('id: 66\n');
  expect(told).toContain('id: 66\nevent: kill');
  await counted(66);
  abort.abort();
  await reading;
});

test('a sink that pauses is made anew, and its counters do not fall', async () => {
  const seen: string[] = [];
  let made = 0;
  const sink = new IsolatedSink({
    name: 'a',
    report: () => {},
    make: () => {
      const name = ++made;
      return {
        name: 'a',
        start: () => void seen.push(`start ${name}`),
        wake: () => void seen.push(`wake ${name}`),
        stop: async () => void seen.push(`stop ${name}`),
        health: () => ({ ok: true, lag: 0, failures: 2, skipped: 3, givenUp: 4 }),
      };
    },
  });
  onTestFinished(() => sink.stop());
  sink.start();
  await sink.pause();
  sink.wake();
  expect(sink.health()).toMatchObject({ ok: true, failures: 2, skipped: 3, givenUp: 4 });
  sink.start();
  sink.wake();
  expect(seen).toEqual(['start 1', 'stop 1', 'start 2', 'wake 2']);
  expect(sink.health()).toMatchObject({ ok: true, failures: 4, skipped: 6, givenUp: 8 });
});
