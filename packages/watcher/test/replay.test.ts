import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Kill } from '@oomwatcher/oom';
import { describe, expect, it } from 'vitest';
import { type Answer, expectKills } from '../../logs/test/support/answers.js';
import { watch } from '../src/index.js';
import { capture, compressedCapture } from './support/captures.js';

/** Logs with their answers: slow consoles (K8), page sizes (K11), threads that are announced (K12), losses (K5). */
const folder = join(import.meta.dirname, '../../logs/test/cases');
const cases = globSync('{K5,K8,K11,K12}/*.txt', { cwd: folder })
  // A live log is in the order of time, a line a record.
  .filter((name) => !/newest-first|glued/.test(name))
  .map((name) => join(folder, name))
  .filter((path) => recordsOf(path) !== undefined)
  .sort();

/** The case as /dev/kmsg would have given it; undefined: it is of another form. */
function recordsOf(path: string): string | undefined {
  const text = readFileSync(path, 'latin1');
  if (/^\d+,\d+,\d+,/.test(text)) return text;
  const lines = [...text.matchAll(/^(?:<(\d)>)?\[ *(\d+)\.(\d{6})\] (.*)$/gm)];
  if (lines.length !== text.trimEnd().split('\n').length) return undefined;
  return lines
    .map(([, priority = '6', seconds, micro, words], i) => {
      const escaped = words!.replaceAll('\\', '\\x5c');
      return `${priority},${i + 1},${Number(seconds) * 1e6 + Number(micro)},-;${escaped}\n`;
    })
    .join('');
}

async function killsIn(records: Uint8Array): Promise<Kill[]> {
  const kills: Kill[] = [];
  for await (const kill of watch({ capture: records })) kills.push(kill);
  return kills;
}

it('the cases are there', () => expect(cases.length).toBeGreaterThan(5));

describe.each(cases.map((path) => ({ name: basename(path, '.txt'), path })))(
  '$name',
  ({ path }) => {
    it('is replayed as it is parsed', async () => {
      const { kills: right } = JSON.parse(readFileSync(path.replace(/txt$/, 'expect'), 'utf8')) as {
        kills: Answer[];
      };
      expectKills(await killsIn(Buffer.from(recordsOf(path) as string, 'latin1')), right);
    });
  },
);

/** Other architectures and pages, a console of 9600 baud, a CPU limit, a kernel whose lines come in pieces. */
const machines = [
  '6.1.176-i386-serial9600--c-group',
  '6.12.107-ppc64el-64k--e-global-group',
  '6.12.107-ppc64el-64k--z-vmgrow',
  '6.12.107-s390x--a-single',
  '6.12.117-riscv64--a-single',
  '6.12.117-cloud-amd64--y-groupq5',
  '7.2.13-arm64-16k--a-single',
  '7.2.13-rt-arm64--k-interleave2',
];

interface Truth {
  kills: { pid: number; cgroup?: string; oom_cgroup?: string }[];
}

describe.each(machines)('%s', (name) => {
  it('is replayed with every kill in its place', async () => {
    const path = capture(name);
    const records = name.includes('interleave') ? compressedCapture(name) : readFileSync(path);
    const truth = JSON.parse(readFileSync(path.replace(/kmsg$/, 'truth.json'), 'utf8')) as Truth;
    const kills = await killsIn(records);
    expect(kills.map(({ victim }) => victim?.pid).sort()).toEqual(
      truth.kills.map(({ pid }) => pid).sort(),
    );
    for (const { victim, cgroup, group } of kills) {
      const own = truth.kills.find(({ pid }) => pid === victim?.pid)?.cgroup;
      // The log names the cgroup of a group's first victim, and of the others the group's.
      if (cgroup?.victim !== undefined) expect(cgroup.victim).toBe(own);
      else expect(`${own}/`).toContain(`${group?.cgroup}/`);
    }
  });
});

it('a line from which nothing was read is counted', async () => {
  const text = (words: string, seq: number) => `3,${seq},${seq}000000,-;${words}\n`;
  const watcher = watch({
    capture: Buffer.from(
      text('Killed process 12 (java) for its colour', 1) +
        text('Killed process 13 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:0kB', 2),
    ),
  });
  const pids: (number | undefined)[] = [];
  for await (const { victim } of watcher) pids.push(victim?.pid);
  expect(pids).toEqual([13]);
  expect(watcher.stats()).toMatchObject({ kills: 1, notUnderstood: 1 });
});
