import { openPortable, type SourceOptions } from '@oomwatcher/kmsg';
import { sampleCapture, sampleKill } from '@oomwatcher/oom/testing';
import { expect, test } from 'vitest';
import { scriptedIo } from '../../kmsg/test/support/scripted-io.js';
import { type Kill, type OpenOwnSource, watch } from '../src/index.js';

const lines = Buffer.from(sampleCapture('container'))
  .toString('latin1')
  .trimEnd()
  .split('\n')
  .map((record) => `${record}\n`);

function scripted(records: string[], seen?: (wanted: SourceOptions) => void): OpenOwnSource {
  return (wanted) => {
    seen?.(wanted);
    return openPortable({ ...wanted, io: scriptedIo([...records]).io });
  };
}

test('a source of one’s own is told what is wanted, and its records become kills of this boot', async () => {
  let wanted: SourceOptions | undefined;
  const source = scripted(lines, (options) => {
    wanted = options;
  });
  const kills: Kill[] = [];
  await using watcher = watch({ source, from: 'boot' });
  for await (const kill of watcher) {
    kills.push(kill);
    break;
  }
  expect(wanted?.keep.rules.length).toBeGreaterThan(0);
  expect(wanted?.snapshots?.[0]?.folder).toContain('/proc/%');
  expect(watcher.source).toMatchObject({
    kind: 'portable',
    reason: expect.stringContaining('by the program itself'),
  });
  const { victim, cgroup } = sampleKill('container');
  expect(kills).toMatchObject([{ victim, cgroup, bootId: watcher.cursor?.bootId }]);
});

test('what opens a source of one’s own fails as it fails, and nothing stays open', () => {
  const source = () => {
    throw new Error('no such device');
  };
  expect(() => watch({ source })).toThrow('no such device');
});

test('a logger is told of records that were lost by those who iterate kills alone', async () => {
  const told: string[] = [];
  const logger = { warn: (message: string) => told.push(message) };
  const capture = Buffer.from('6,1,1,-;a\n6,9,9,-;b\n');
  for await (const _ of watch({ capture, logger })) expect.unreachable();
  expect(told).toEqual([expect.stringContaining('7 records')]);
});

test('a logger is told why the kernel does not report kills itself', async () => {
  const told: string[] = [];
  const logger = { warn: (message: string) => told.push(message) };
  // Refused as somebody else was told: no right is needed for that.
  const witness = { witness: 'auto', witnessProgram: { refused: 'not today' } } as const;
  await using _ = watch({ source: scripted([]), logger, ...witness });
  expect(told).toEqual([expect.stringContaining('not today')]);
});
