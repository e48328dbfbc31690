import { expect, it } from 'vitest';
import { LostRecords } from '../../src/attribution/lost-records.js';
import { level, record } from '../support/witness-records.js';

const inApp = (number: number) =>
  record(number, { number, numberCgroupId: 3n, levels: [level('app'), level('')] });
const inOther = (number: number) =>
  record(number, { number, numberCgroupId: 5n, levels: [level('other'), level('')] });

/** A calm node whose log has been read to its end since. */
function calm(lost: LostRecords, unaccounted: number) {
  let dry = 0;
  const reading = { timesDry: () => dry++, hasTakenAll: () => true };
  const account = { kernelKills: 9, unaccounted };
  for (let nowMs = 0; nowMs < 5000; nowMs += 100) {
    const kills = lost.take(nowMs, account, reading, 'b', 50);
    if (kills.length > 0 || lost.waitMs(nowMs) === undefined) return { kills, nowMs };
  }
  return expect.fail('nothing was decided in 5 s');
}

it('a gap in a cgroup’s numbers is so many kills of it, when the kernel is calm', () => {
  const lost = new LostRecords();
  expect(lost.record(inApp(1))).toBe(false);
  expect(lost.record(inApp(4))).toBe(true);
  expect(lost.record(inOther(7))).toBe(false);
  expect(lost.record(inOther(9))).toBe(true);
  lost.look(0);
  const { kills, nowMs } = calm(lost, 3);
  expect(nowMs).toBeGreaterThanOrEqual(1500);
  expect(kills.map(({ id, cgroup }) => [id, cgroup?.victim, cgroup?.from])).toEqual([
    ['b:c50', '/app', 'kernel'],
    ['b:c49', '/app', 'kernel'],
    ['b:c48', '/other', 'kernel'],
  ]);
});

it('where lines have told some of them, only what is certain all the same is said', () => {
  const lost = new LostRecords();
  for (const each of [inApp(1), inApp(4), inOther(7), inOther(9)]) lost.record(each);
  lost.lineAlone();
  lost.look(0);
  const cgroups = () => calm(lost, 2).kills.map(({ cgroup }) => cgroup?.victim);
  expect(cgroups(), 'two of the three are lost: one at least in app').toEqual(['/app', undefined]);
  lost.record(inApp(7));
  lost.lineAlone();
  lost.lineAlone();
  lost.look(0);
  expect(cgroups(), 'its line may be that of the missing one').toEqual([undefined, undefined]);
});

it('a last kill leaves no gap: the counters tell its cgroup, unless that had no record before', () => {
  let reads = 0;
  const lost = new LostRecords(() => {
    reads++;
    return [
      { id: 3n, path: '/app', kills: 2 },
      { id: 4n, path: '/before', kills: 9 },
      { id: 5n, path: '/other', kills: 7 },
    ];
  });
  lost.record(inApp(1));
  lost.record(inOther(7));
  expect(calmAfter(lost, 0)).toEqual([]);
  expect(reads, 'nothing was lost').toBe(0);
  expect(calmAfter(lost, 2)).toEqual(['/app', undefined]);
  expect(reads).toBe(1);
  expect(lost.record(inApp(3)), 'what the counters told is no gap').toBe(false);
});

function calmAfter(lost: LostRecords, unaccounted: number) {
  lost.look(0);
  return calm(lost, unaccounted).kills.map(({ cgroup }) => cgroup?.victim);
}

it('a last kill of a cgroup that is gone is told without it', () => {
  const lost = new LostRecords();
  lost.record(inApp(1));
  lost.look(0);
  expect(calm(lost, 1).kills).toMatchObject([{ id: 'b:c50', complete: false }]);
});

it('where nothing was lost nothing is looked for', () => {
  const lost = new LostRecords();
  for (let number = 1; number < 2000; number++) {
    expect(lost.record({ ...inApp(1), numberCgroupId: BigInt(number), number })).toBe(false);
  }
  expect(lost.waitMs(0)).toBeUndefined();
  lost.look(0);
  expect(calm(lost, 0).kills).toEqual([]);
});
