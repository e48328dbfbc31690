import { killedProcess } from '@oomwatcher/oom';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KillRecords } from '../../src/attribution/kill-records.js';
import { line, record } from '../support/witness-records.js';

/** What the kernel does, one after the other, and what of it is lost before it is read. */
interface Death {
  kind: 'kill' | 'again' | 'sharer';
  /** Few, so that they come again. */
  pid: number;
  isRecordLost: boolean;
  isLineLost: boolean;
  /** Whether the reader of the records has time before the line comes. */
  linesLate: boolean;
}

const death = fc.record<Death>({
  kind: fc.constantFrom('kill', 'kill', 'kill', 'again', 'sharer'),
  pid: fc.integer({ min: 1, max: 6 }),
  isRecordLost: fc.boolean(),
  isLineLost: fc.boolean(),
  linesLate: fc.boolean(),
});

/** Reads as the watcher does. Each process of the kernel has its own size, given by its place. */
function read(deaths: readonly Death[]) {
  const records = new KillRecords();
  const told: number[] = [];
  const joined: [record: number, line: number][] = [];
  const byLineAlone: number[] = [];
  let nowMs = 0;
  const take = (all: readonly { sequence: number; kind: string }[]) =>
    told.push(...all.filter(({ kind }) => kind !== 'sharer').map(({ sequence }) => sequence));
  const unread: number[] = [];
  const readLine = (at: number) => {
    const { pid } = deaths[at] as Death;
    const killed = killedProcess(line(pid, BigInt(at), 1000 + at));
    const found = killed && records.join(killed);
    if (found === undefined) return void byLineAlone.push(at);
    take(found.passed);
    joined.push([found.record.sequence, at]);
    if (!found.isTold) told.push(found.record.sequence);
  };
  for (const [at, { kind, pid, isRecordLost, isLineLost, linesLate }] of deaths.entries()) {
    nowMs += linesLate ? 10 : 0;
    if (!isRecordLost) {
      const { process } = record(pid);
      const made = { ...process, totalVmKiB: 1000 + at, startBoottimeNs: BigInt(at) };
      records.add(record(pid, { kind, sequence: at, process: made }), nowMs);
    }
    if (kind !== 'sharer' && !isLineLost) unread.push(at);
    if (linesLate) take(records.takeDue(nowMs + 5));
    else for (const each of unread.splice(0)) readLine(each);
  }
  for (const each of unread) readLine(each);
  take(records.takeDue(Number.POSITIVE_INFINITY));
  return { told, joined, byLineAlone };
}

it('each kill is told once, however records and lines interleave and whatever of either is lost', () => {
  fc.assert(
    fc.property(fc.array(death, { maxLength: 40 }), (deaths) => {
      const { told, joined, byLineAlone } = read(deaths);
      const numbered = deaths.map((each, at) => ({ ...each, at }));
      const kills = numbered.filter(({ kind }) => kind !== 'sharer');
      const seen = kills.filter(({ isRecordLost, isLineLost }) => !isRecordLost || !isLineLost);
      expect([...told, ...byLineAlone].sort((a, b) => a - b)).toEqual(seen.map(({ at }) => at));
      for (const [of, to] of joined) expect(to).toBe(of);
      // By record, in the kernel's order.
      expect(told).toEqual(told.toSorted((a, b) => a - b));
      const both = kills.filter(({ isRecordLost, isLineLost }) => !isRecordLost && !isLineLost);
      expect(joined.map(([of]) => of)).toEqual(both.map(({ at }) => at));
    }),
    { numRuns: 2000 },
  );
});
