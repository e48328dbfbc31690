import { describe, expect, it } from 'vitest';
import { allocateBatch, Clock } from '../src/index.js';

const second = 1_000_000;
const hour = 3600 * second;
const epoch = 1_700_000_000 * second;

interface Reading {
  printedUs: number;
  monotonicUs: number;
  realtimeUs: number;
  fresh?: boolean;
}

function wallTimes(readings: Reading[]): (number | undefined)[] {
  const memory = allocateBatch(readings.length);
  const clock = new Clock();
  return readings.map((reading, row) => {
    memory.timestampUs[row] = reading.printedUs;
    memory.readMonotonicUs[row] = reading.monotonicUs;
    memory.readRealtimeUs[row] = reading.realtimeUs;
    memory.fresh[row] = reading.fresh ? 1 : 0;
    return clock.wallTimeUs(memory, row);
  });
}

/** A record printed at `at` since boot and read `after` later by clocks that agree. */
function read(at: number, after: number, fresh = true): Reading {
  return {
    printedUs: at,
    monotonicUs: at + after,
    realtimeUs: epoch + at + after,
    fresh,
  };
}

describe('wall time of a record', () => {
  it('is when it was printed, not when it was read', () => {
    expect(wallTimes([read(100 * second, 5 * hour, false)])).toEqual([epoch + 100 * second]);
  });

  it('ordinary latency does not move it', () => {
    const [first, second_] = wallTimes([read(1 * second, 249_000), read(2 * second, 5)]);
    expect(first).toBe(epoch + 1 * second);
    expect(second_).toBe(epoch + 2 * second);
  });

  it('is right after a suspend of an hour, in which neither printk nor monotonic advanced', () => {
    const before = read(100 * second, 1000);
    const after = read(110 * second, 1000);
    after.realtimeUs += hour;
    expect(wallTimes([before, after])).toEqual([epoch + 100 * second, epoch + 110 * second + hour]);
  });

  it('is right where printk lags 52 s behind after weeks of NTP', () => {
    const drift = 52 * second;
    const latency = 3000;
    const fresh = read(1000 * second, drift + latency);
    // Printed 30 s before it was read, and not fresh: only the fresh sample shows the drift.
    const backlog = read(1010 * second, drift + 30 * second, false);
    const times = wallTimes([fresh, backlog]);
    expect(times[0]).toBe(epoch + 1000 * second + drift + latency);
    expect(times[1]).toBe(epoch + 1010 * second + drift + latency);
  });

  it('is never later than the reading where printk runs ahead', () => {
    const [time] = wallTimes([read(1000 * second, -3 * second, false)]);
    expect(time).toBe(epoch + 997 * second);
  });

  it('follows a step of the system’s clock from the next reading on', () => {
    const stepped = read(20 * second, 1000);
    stepped.realtimeUs -= 7 * second;
    expect(wallTimes([read(10 * second, 1000), stepped])).toEqual([
      epoch + 10 * second,
      epoch + 13 * second,
    ]);
  });

  it('a process stopped for 20 s does not move the backlog it finds', () => {
    const rows = [
      read(10 * second, 2000),
      read(20 * second, 20 * second),
      read(25 * second, 15 * second, false),
      read(41 * second, 2000),
    ];
    expect(wallTimes(rows)).toEqual([10, 20, 25, 41].map((s) => epoch + s * second));
  });

  it('is unknown without a moment of reading', () => {
    const unread = { printedUs: 5, monotonicUs: Number.NaN, realtimeUs: Number.NaN };
    expect(wallTimes([unread])).toEqual([undefined]);
  });

  it('a row without a reading does not spoil the next one', () => {
    const unread = { printedUs: 5, monotonicUs: Number.NaN, realtimeUs: Number.NaN };
    expect(wallTimes([unread, read(1 * second, 10)])[1]).toBe(epoch + 1 * second);
  });
});
