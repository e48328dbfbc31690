import { setImmediate as turn } from 'node:timers/promises';
import type { Journal } from '@oomwatcher/journal';
import { type OomLine, OomMachine } from '@oomwatcher/oom';
import type { WatchEvent, Watcher } from '@oomwatcher/watcher';
import { expect, onTestFinished, test } from 'vitest';
import { openJournal } from '../../journal/test/support/journals.js';
import { readCapture } from '../../oom/test/support/capture.js';
import { linesOf } from '../../oom/test/support/run.js';
import { Recorder } from '../src/runtime/recorder.js';
import { KillCounts } from '../src/sinks/metrics/kill-counts.js';

const bootId = 'b';

/** The capture's five cgroups are containers of Docker's. */
const containers = ['free', 'q20', 'q10', 'q5', 'w1'];
const idOf = (name: string) => Buffer.from(name.padEnd(32, '-')).toString('hex');
const path = (name: string) => `/docker/${idOf(name)}`;

function inContainers(lines: readonly OomLine[]): OomLine[] {
  const names = new RegExp(`/(${containers.join('|')})(?=[,: ])`, 'g');
  return lines.map((line) => ({
    ...line,
    text: line.text.replaceAll(names, (_, name) => path(name)),
  }));
}

/** Reads the lines with the pauses that their clock shows, and what follows takes its turns in each. */
function liveWatcher(lines: readonly OomLine[]): Watcher {
  const machine = new OomMachine({ bootId });
  async function* events(): AsyncGenerator<WatchEvent> {
    yield { kind: 'watching', seq: -1n };
    let lastUs: number | undefined;
    for (const line of lines) {
      const quietMs = ((line.timestampUs ?? 0) - (lastUs ?? line.timestampUs ?? 0)) / 1000;
      for (const ms of [5, 200, 5000]) {
        if (quietMs < ms) break;
        machine.settle(ms);
        yield* machine.take() as WatchEvent[];
        for (let turns = 0; turns < 3; turns++) await turn();
      }
      lastUs = line.timestampUs;
      machine.push(line);
      yield* machine.take() as WatchEvent[];
    }
    machine.flush();
    yield* machine.take() as WatchEvent[];
  }
  const watcher = {
    events,
    acknowledge() {},
    get amendableSeq() {
      return machine.amendableSeq;
    },
    get cursor() {
      return undefined;
    },
  };
  return watcher as unknown as Watcher;
}

async function recorded(journal: Journal, lines: readonly OomLine[]): Promise<WatchEvent[]> {
  const events: WatchEvent[] = [];
  const recorder = new Recorder({
    watcher: liveWatcher(lines),
    journal,
    bootId,
    emit: (event) => events.push(event),
    emitsHistory: true,
    enrich: (kill) => kill,
  });
  await recorder.run();
  return events;
}

function countsOf(journal: Journal): KillCounts {
  const counts = new KillCounts(journal);
  counts.start();
  onTestFinished(() => counts.stop());
  return counts;
}

const amendmentsIn = (events: readonly WatchEvent[]) =>
  events.flatMap((event) => (event.kind === 'amendment' ? [event.amendment] : []));

// 26 processes each, and the capture ends within the last.
test('five groups that CPU limits draw out are counted once, and where they were', async () => {
  const journal = openJournal();
  const counts = countsOf(journal);
  const events = await recorded(journal, inContainers(readCapture('6.12-group-cpu-quota')));
  expect(amendmentsIn(events).length).toBeGreaterThan(20);
  await expect.poll(() => counts.total).toBe(126);
  expect(killsByContainer(counts)).toEqual({ free: 26, q20: 26, q10: 26, q5: 26, w1: 22 });
  expect(journal.amendable).toBeUndefined();
});

test('a kill that only the end of its group proves to be a member is counted as one', async () => {
  const killed = (pid: number) =>
    `Memory cgroup out of memory: Killed process ${pid} (app) total-vm:900kB, anon-rss:80kB, file-rss:7kB, shmem-rss:6kB, UID:0 pgtables:5kB oom_score_adj:0`;
  const row = (pid: number) =>
    `[${String(pid).padStart(7)}]     0 ${String(pid).padStart(5)}      225       23    57344        0             0 app`;
  const pod = path('q5').replace(/\/[^/]*$/, '');
  const lines: [seconds: number, text: string][] = [
    [0, 'app invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0'],
    [0, `Memory cgroup stats for ${pod}:`],
    [0, '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name'],
    ...[1, 2, 3].map((pid): [number, string] => [0, row(pid)]),
    [
      0,
      `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${pod},task_memcg=${path('q5')},task=app,pid=1,uid=0`,
    ],
    [0, killed(1)],
    [0, `Tasks in ${path('q5')} are going to be killed due to memory.oom.group set`],
    [1, killed(2)],
    [2, killed(1)],
    [9, 'something else'],
  ];
  const journal = openJournal();
  const counts = countsOf(journal);
  const events = await recorded(
    journal,
    linesOf(...lines.map(([seconds, text]) => ({ text, timestampUs: 1_000_000 + seconds * 1e6 }))),
  );
  const kills = events.flatMap((event) => (event.kind === 'kill' ? [event.kill] : []));
  expect(kills.map(({ container }) => container?.id)).toEqual([idOf('q5'), undefined]);
  await expect.poll(() => counts.total).toBe(2);
  expect(killsByContainer(counts)).toEqual({ q5: 2 });
});

/** Kills by the container's name. */
function killsByContainer(counts: KillCounts): Record<string, number> {
  const found = [...counts.of('kills')].map(({ values: [, , id = ''], kills }) => [
    containers.find((name) => idOf(name).startsWith(id)) ?? id,
    kills,
  ]);
  return Object.fromEntries(found);
}
