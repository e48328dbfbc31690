import { mkdirSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { limitedCgroup, needs } from '../../../../test/support/needs.ts';
import { openDescriptors, temporaryFolder } from '../../../kmsg/test/support/temporary.js';
import { maxKnownCgroups } from '../../src/attribution/known-counts.js';
import { OomCounters, readCgroupKills } from '../../src/attribution/oom-counters.js';
import { findMemoryHierarchy, type MemoryHierarchy } from '../../src/node/memory-hierarchy.js';
import { FakeHierarchy } from '../support/hierarchy.js';

function open(hierarchy: MemoryHierarchy): OomCounters {
  const counters = OomCounters.open(hierarchy) as OomCounters;
  expect(counters).toBeDefined();
  onTestFinished(() => counters.close());
  return counters;
}

const rises = (counters: OomCounters) => Object.fromEntries(counters.sample().cgroups);

describe.each([1, 2] as const)('cgroup v%i', (version) => {
  test('only kills are counted, and only those since the watch began', () => {
    const tree = new FakeHierarchy(version);
    tree.set('/a', 3);
    tree.set('/a/b', 4);
    const counters = open(tree);
    expect(rises(counters)).toEqual({});
    tree.set('/a/b', 6);
    expect(rises(counters)).toEqual({ '/a/b': 2 });
    counters.rebase();
    expect(rises(counters)).toEqual({});
  });

  test('kills that happen between a sample and the rebase are not forgotten', () => {
    const tree = new FakeHierarchy(version);
    tree.set('/a', 0);
    const counters = open(tree);
    counters.sample();
    tree.set('/a', 1);
    counters.rebase();
    expect(rises(counters)).toEqual({ '/a': 1 });
  });

  test('what rose between two watches is counted, in cgroups of before and in those made since', () => {
    const tree = new FakeHierarchy(version);
    tree.set('/a', 3);
    tree.set('/b', 1);
    const before = open(tree).atRebase();
    expect(before?.cgroups.map(({ path, kills }) => [path, kills]).sort()).toEqual([
      ['/a', 3],
      ['/b', 1],
    ]);
    tree.set('/a', 5);
    tree.set('/new', 1);
    const counters = open(tree);
    expect(counters.rebaseTo(before as NonNullable<typeof before>)).toBe(true);
    expect(rises(counters)).toEqual({ '/a': 2, '/new': 1 });
  });

  test('a cgroup that was made anew under the same path has counted from zero', () => {
    const tree = new FakeHierarchy(version);
    tree.set('/a', 3);
    const { total = 0, cgroups = [] } = open(tree).atRebase() ?? {};
    const ofAnother = cgroups.map((each) => ({ ...each, inode: `${each.inode}1` }));
    const counters = open(tree);
    counters.rebaseTo({ total, cgroups: ofAnother });
    expect(rises(counters)).toEqual({ '/a': 3 });
  });

  test('counts of more kills than there were are of another kernel', () => {
    const tree = new FakeHierarchy(version);
    tree.set('/a', 3);
    const counters = open(tree);
    const { cgroups = [] } = counters.atRebase() ?? {};
    expect(counters.rebaseTo({ total: counters.readTotalSinceBoot() + 1000, cgroups })).toBe(false);
    expect(rises(counters)).toEqual({});
  });

  test('counts of more cgroups than are kept are not known at all', () => {
    const tree = new FakeHierarchy(version);
    for (let i = 0; i < maxKnownCgroups; i++) tree.set(`/${i}`, 1);
    expect(open(tree).atRebase()?.cgroups).toHaveLength(maxKnownCgroups);
    tree.set('/one-more', 1);
    expect(open(tree).atRebase()).toBeUndefined();
  });

  test('a cgroup that was made after the start is counted from its first kill on', () => {
    const tree = new FakeHierarchy(version);
    tree.set('/a', 0);
    const counters = open(tree);
    tree.set('/new', 1);
    tree.set('/new/below', 2);
    expect(rises(counters)).toEqual({});
    counters.scan();
    expect(rises(counters)).toEqual({ '/new': 1, '/new/below': 2 });
  });

  test('a container that died with its only process keeps its kill', () => {
    const tree = new FakeHierarchy(version);
    tree.set('/a', 0);
    const counters = open(tree);
    tree.set('/a', 1);
    counters.sample();
    tree.remove('/a');
    expect(rises(counters), 'the sample that finds it gone').toEqual({ '/a': 1 });
    expect(rises(counters), 'later samples').toEqual({ '/a': 1 });
    counters.rebase();
    expect(rises(counters)).toEqual({});
  });

  test('a container that restarts in the same cgroup adds to its kills', () => {
    const tree = new FakeHierarchy(version);
    tree.set('/a', 5);
    const counters = open(tree);
    tree.set('/a', 6);
    counters.sample();
    tree.remove('/a');
    counters.sample();
    tree.set('/a', 2);
    counters.scan();
    expect(rises(counters)).toEqual({ '/a': 3 });
  });

  test('a cgroup whose name is no UTF-8, or is made to mislead, is counted under its visible name', () => {
    const tree = new FakeHierarchy(version);
    const names = ['/\xff\xfe', '/a\nb', '/\x1b[2J', '/ (deleted)', '/\xc3\xa9', '/...'];
    for (const name of names) tree.set(name, 0);
    const counters = open(tree);
    names.forEach((name, index) => {
      tree.set(name, index + 1);
    });
    expect(rises(counters)).toEqual({
      '/\\xff\\xfe': 1,
      '/a\nb': 2,
      '/\x1b[2J': 3,
      '/ (deleted)': 4,
      '/é': 5,
      '/...': 6,
    });
  });

  test('a cgroup without the counter (before 4.13) costs no descriptor and no answer', () => {
    const tree = new FakeHierarchy(version);
    tree.set('/a', 0);
    const file = version === 1 ? 'memory.oom_control' : 'memory.events.local';
    writeFileSync(`${tree.root}/a/${file}`, 'oom_kill_disable 0\nunder_oom 0\n');
    const counters = open(tree);
    expect(rises(counters)).toEqual({});
    expect(openDescriptors(tree.root)).toBe(0);
  });

  test('two thousand cgroups leave no descriptor behind', () => {
    const tree = new FakeHierarchy(version);
    for (let i = 0; i < 2000; i++) tree.set(i < 50 ? `/pod${i}` : `/pod${i % 50}/${i}`, i);
    const counters = OomCounters.open(tree) as OomCounters;
    expect(counters.size).toBe(2000);
    expect(openDescriptors(tree.root)).toBe(2000);
    counters.close();
    expect(openDescriptors(tree.root)).toBe(0);
  });

  test('read once, each cgroup that has counted a kill says so since it was made, and nothing stays open', () => {
    const tree = new FakeHierarchy(version);
    tree.set('/none', 0);
    tree.set('/a', 3);
    tree.set('/a/\xff', 2);
    const idOf = (folder: string) =>
      statSync(Buffer.from(`${tree.root}${folder}`, 'latin1'), { bigint: true }).ino;
    expect(readCgroupKills(tree)).toEqual([
      { id: idOf('/a'), path: '/a', kills: 3 },
      { id: idOf('/a/\xff'), path: '/a/\\xff', kills: 2 },
    ]);
    expect(openDescriptors(tree.root)).toBe(0);
  });

  test('scanning again opens nothing twice', () => {
    const tree = new FakeHierarchy(version);
    for (let i = 0; i < 20; i++) tree.set(`/a${i}`, 0);
    const counters = open(tree);
    counters.scan();
    counters.scan();
    expect(openDescriptors(tree.root)).toBe(20);
  });
});

test('a v2 kernel whose memory.events counts only the cgroup itself (before 5.2) is read from there', () => {
  const tree = new FakeHierarchy(2, 'memory.events');
  tree.set('/a', 0);
  const counters = open(tree);
  tree.set('/a', 1);
  expect(rises(counters)).toEqual({ '/a': 1 });
});

test('a first cgroup whose name is no UTF-8 does not turn to counts that include the descendants', () => {
  const tree = new FakeHierarchy(2);
  tree.set('/\xff', 0);
  const counters = open(tree);
  tree.set('/\xff', 1);
  expect(rises(counters)).toEqual({ '/\\xff': 1 });
});

test('the counters of an empty hierarchy are an empty answer', () => {
  const counters = open({ version: 1, root: temporaryFolder() });
  expect(rises(counters)).toEqual({});
  expect(counters.size).toBe(0);
});

needs(limitedCgroup).test(
  'a real cgroup that is removed gives its descriptor back, and is found again',
  () => {
    const { version, root } = findMemoryHierarchy() as MemoryHierarchy;
    const own = `${root}/oomwatcher-counters-${process.pid}`;
    mkdirSync(own);
    onTestFinished(() => rmdirSync(own));
    mkdirSync(`${own}/below`);
    const counters = open({ version, root: own });
    expect(counters.size).toBe(2);
    rmdirSync(`${own}/below`);
    expect(rises(counters)).toEqual({});
    expect(counters.size).toBe(1);
    expect(openDescriptors(`${own}/below`)).toBe(0);
    mkdirSync(`${own}/below`);
    counters.scan();
    expect(counters.size).toBe(2);
    rmdirSync(`${own}/below`);
  },
);
