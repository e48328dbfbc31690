import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { playRecording } from '../src/cli/commands/play.js';
import { noticeSentence } from '../src/output/notice.js';
import { pacedCapture } from '../src/recording/paced-capture.js';
import { ownRecording, readRecording } from '../src/recording/recording.js';
import { collector } from './support/outputs.js';

const truth = JSON.parse(
  readFileSync(
    join(import.meta.dirname, '../../oom/test/fixtures/matrix/6.12.95--storm.truth.json'),
    'utf8',
  ),
) as { deaths: { pid: number; comm: string }[] };

const report = (release: string, machine: string) =>
  `4,1,10,-;a invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
4,2,11,-;CPU: 1 UID: 0 PID: 7 Comm: a Not tainted ${release} #1 Debian
4,3,12,-;Hardware name: ${machine}
`;

function captureOf(text: string): string {
  const path = join(temporaryFolder(), 'own.kmsg');
  writeFileSync(path, text);
  return path;
}

describe('a recording says where it comes from', () => {
  test('the agent’s own: the day, the kernel, and that it was a virtual machine', async () => {
    expect(await readRecording(ownRecording)).toEqual({
      path: ownRecording,
      name: 'storm.kmsg',
      origin: 'recorded on 23 November 2026, kernel 6.12.95+deb12-cloud-amd64, virtual machine',
    });
  });

  test('another: what its own lines say, and no day that nobody knows', async () => {
    const { origin } = await readRecording(captureOf(report('6.8.0', 'Dell Inc. PowerEdge R740')));
    expect(origin).toBe(
      'recorded on a day that it does not name, kernel 6.8.0, no virtual machine that it names',
    );
    expect((await readRecording(captureOf('nothing'))).origin).toBe(
      'recorded on a day that it does not name, a kernel that it does not name',
    );
  });

  test.each(['/no/such.kmsg', '/'])('%s is refused in one sentence', async (path) => {
    await expect(readRecording(path)).rejects.toThrow(
      /^\/.*: name the file of a raw kmsg capture$/,
    );
  });
});

async function played(path: string, stop?: AbortController) {
  const began = performance.now();
  const { signal } = stop ?? new AbortController();
  const pieces: { atMs: number; text: string }[] = [];
  for await (const bytes of pacedCapture(path, signal)) {
    pieces.push({ atMs: performance.now() - began, text: bytes.toString('latin1') });
    stop?.abort();
  }
  return pieces;
}

describe('a paced capture', () => {
  test('is the file, byte for byte, in pieces that begin with a record', async () => {
    const path = captureOf(
      readFileSync(ownRecording, 'latin1').replace(/^(\d+,\d+),\d+,/gm, '$1,0,'),
    );
    const pieces = await played(path);
    expect(pieces.map(({ text }) => text).join('')).toBe(readFileSync(path, 'latin1'));
    for (const { text } of pieces) expect(text).toMatch(/^\d+,\d+,\d+,/);
  });

  test('comes no sooner than it was written, a record that is back in time at once', async () => {
    const pieces = await played(captureOf('6,1,0,-;a\n K=v\n6,2,100000,-;b\n6,3,90000,-;c\n'));
    expect(pieces.map(({ text }) => text)).toEqual([
      '6,1,0,-;a\n K=v\n',
      '6,2,100000,-;b\n6,3,90000,-;c\n',
    ]);
    // A timer may be a millisecond early.
    expect(pieces[1]?.atMs).toBeGreaterThan(98);
  });

  test('does not wait for days that nothing happened, and ends at once when it is stopped', async () => {
    const path = captureOf('6,1,0,-;a\n6,2,1000000000000,-;b\n');
    expect(await played(path)).toHaveLength(2);
    expect(await played(path, new AbortController())).toHaveLength(1);
  });

  test('that is no capture at all is given whole, for its reader to refuse', async () => {
    const path = captureOf('x'.repeat(300_000));
    expect((await played(path)).map(({ text }) => text).join('')).toHaveLength(300_000);
  });
});

test('a played recording reports every kill that happened, and each notice says that it is one', async () => {
  const { kills, notices, reporter } = collector();
  await playRecording({ reason: 'no log: mount it', stays: false }, reporter);
  expect(kills.map(({ victim }) => [victim?.pid, victim?.name]).sort()).toEqual(
    truth.deaths.map(({ pid, comm }) => [pid, comm]).sort(),
  );
  const sentences = notices.map(noticeSentence);
  expect(sentences[0]).toMatch(/^no log: mount it; .*storm\.kmsg/);
  for (const sentence of sentences) {
    expect(sentence).toMatch(/\(recorded on 23 November 2026, kernel 6\.12\S*, virtual machine\)$/);
  }
});

test('a recording of another tool’s log is refused', async () => {
  const { reporter } = collector();
  const file = captureOf('Nov 23 16:00:00 node1 kernel: a invoked oom-killer\n');
  await expect(playRecording({ file, stays: false }, reporter)).rejects.toThrow(
    /no raw kmsg capture/,
  );
});
