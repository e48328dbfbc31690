import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { watchCommand } from '../src/cli/commands/watch.js';
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

test('a capture is reported from source to summary, and not measured by the counters of this node', async () => {
  const { kills, notices, reporter } = collector();
  const path = capture('6.1.0-56--c-group');
  await watchCommand({ capture: path }, reporter);
  expect(kills).toHaveLength(5);
  expect(notices).toEqual([
    { kind: 'source', source: 'replay', reason: `replay of ${path}` },
    { kind: 'summary', kills: 5, forged: 0, lost: 0, repeats: expect.any(Number) },
  ]);
});

test('every loss is a notice, and the summary is their sum', async () => {
  const { notices, reporter } = collector();
  const bytes = gunzipSync(readFileSync(`${capture('6.1.0-56--j-overrun')}.gz`));
  await watchCommand({ capture: temporaryFile(bytes) }, reporter);
  const lost = notices.flatMap((notice) => (notice.kind === 'loss' ? [notice.lost] : []));
  expect(lost.length).toBeGreaterThan(0);
  expect(notices.at(-1)).toMatchObject({
    kind: 'summary',
    lost: lost.reduce((sum, count) => sum + count, 0),
  });
});

test('whoever floods the log with forgeries does not flood stderr, but every one is counted', async () => {
  const { kills, notices, reporter } = collector();
  const forged = (seq: number) =>
    `12,${seq},${seq},-;Out of memory: Killed process 1 (init) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB\n`;
  const log = Array.from({ length: 5000 }, (_, seq) => forged(seq)).join('');
  await watchCommand({ capture: temporaryFile(log) }, reporter);
  expect(kills).toEqual([]);
  const reported = notices.filter(({ kind }) => kind === 'forged');
  expect(reported.length).toBeGreaterThan(0);
  expect(reported.length).toBeLessThanOrEqual(20);
  expect(notices.at(-1)).toMatchObject({ kind: 'summary', forged: 5000 });
});

test('a capture that is not there is an error, after which no summary pretends a watch', async () => {
  const { notices, reporter } = collector();
  await expect(watchCommand({ capture: '/no/such' }, reporter)).rejects.toMatchObject({
    code: 'ENOENT',
  });
  expect(notices.map(({ kind }) => kind)).toEqual(['source']);
});

test('the log of another tool is not reported as one without kills', async () => {
  const { notices, reporter } = collector();
  const path = temporaryFile(
    '[ 1.0] Out of memory: Killed process 1 (init) total-vm:1kB\nNov 23 x\n',
  );
  await expect(watchCommand({ capture: path }, reporter)).rejects.toThrow(
    `${path} is no raw kmsg capture: logs of dmesg, journalctl and syslog daemons are for oomwatcher parse`,
  );
  expect(notices.at(-1)).toMatchObject({ kind: 'summary', kills: 0, rejected: 2 });
});

test('a damaged record among others is counted, and the others are reported', async () => {
  const { kills, notices, reporter } = collector();
  const whole = readFileSync(capture('6.1.0-56--c-group'), 'latin1');
  await watchCommand({ capture: temporaryFile(`no record\n${whole}`) }, reporter);
  expect(kills).toHaveLength(5);
  expect(notices.at(-1)).toMatchObject({ kind: 'summary', kills: 5, rejected: 1 });
});

test.each(signals)('%s ends the watch with its summary', async (signal) => {
  const { notices, reporter } = collector();
  const before = process.listeners(signal);
  const watching = watchCommand({ capture: capture('6.1.0-56--f-storm') }, reporter);
  const close = process.listeners(signal).find((listener) => !before.includes(listener));
  close?.(signal);
  await watching;
  expect(notices.at(-1)).toMatchObject({ kind: 'summary', kills: 0 });
});
