import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { Kill } from '@oomwatcher/oom';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtAgent, needs } from './support/needs.ts';
import { command, root } from './support/paths.ts';

const fixtures = join(root, 'packages/logs/test/formats/fixtures');
const capture = join(fixtures, '6.18-hostile-name.kmsg');

/** The same kill as the real dmesg and journalctl printed it; those that keep its name, which has a newline and a 0xff. */
const forms = [
  'dmesg.txt',
  'dmesg-C.txt',
  'dmesg-T.txt',
  'dmesg-colour.txt',
  'dmesg-iso.txt',
  'dmesg-json.txt',
  'dmesg-r.txt',
  'dmesg-x.txt',
  'dmesg-x-json.txt',
  'journal-json.txt',
  'journal.export',
  'journal-short-a.txt',
];

/** Forms that carry the facility as the kernel recorded it, so that the forged line in the fixture can be reported. */
const formsWithFacility = ['dmesg-x.txt', 'dmesg-x-json.txt', 'journal-json.txt', 'journal.export'];

interface Result {
  kills: Kill[];
  notices: { kind: string; forged?: number; withheld?: number }[];
  code: number;
  stderr: string;
}

function parse(...args: string[]): Promise<Result> {
  return new Promise((resolve) => {
    execFile(command, ['parse', '--json', ...args], (error, stdout, stderr) => {
      const lines = (text: string) =>
        text
          .split('\n')
          .filter((line) => line.startsWith('{'))
          .map((line) => JSON.parse(line));
      resolve({
        kills: lines(stdout).filter(({ schema }) => schema === 'oomwatcher.kill/v1'),
        notices: lines(stderr),
        code: typeof error?.code === 'number' ? error.code : 0,
        stderr,
      });
    });
  });
}

/** What does not depend on how a form writes time, counts lines and names the machine. */
function essence({ id, time, localTime, monotonicUs, seq, bootId, host, ...rest }: Kill): object {
  return rest;
}

needs(builtAgent).describe('one kill in many forms', () => {
  let expected: Kill;

  beforeAll(async () => {
    const { kills } = await parse(capture);
    expected = kills[0] as Kill;
    expect(kills).toHaveLength(1);
    expect(expected.victim).toMatchObject({ pid: 28454, name: 'a\nb\\xff é' });
  });

  test.each(forms)('%s gives the same kill as the raw capture', async (form) => {
    const { kills } = await parse(join(fixtures, `6.18-hostile-name.${form}`));
    const same = kills.find(({ victim }) => victim?.pid === expected.victim?.pid) as Kill;
    expect(essence(same)).toEqual(essence(expected));
    // The journal names the machine that a line came from; the kernel's own forms do not.
    expect(same.host).toBe(form.startsWith('journal') ? 'vm' : undefined);
  });

  test.each(formsWithFacility)('%s does not pass a forged line for a kill', async (form) => {
    const { kills, notices } = await parse(join(fixtures, `6.18-hostile-name.${form}`));
    expect(kills).toHaveLength(1);
    // journald takes the `kernel:` that the forger wrote for the identifier; in dmesg it stays part of the text.
    const forged = form.startsWith('journal') ? 1 : 0;
    expect(notices.find(({ kind }) => kind === 'summary')).toMatchObject({ forged });
  });

  test('a form without facilities says that it cannot recognise forged lines', async () => {
    const { notices } = await parse(join(fixtures, '6.18-hostile-name.dmesg.txt'));
    expect(notices.map(({ kind }) => kind)).toContain('priorities');
  });

  test('lines that journalctl left out are counted, not passed over in silence', async () => {
    const { notices } = await parse(join(fixtures, '6.18-hostile-name.journal-short.txt'));
    expect(notices.find(({ kind }) => kind === 'summary')?.withheld).toBeGreaterThan(0);
  });
});

needs(builtAgent).describe('compressed logs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-formats-'));
  const at = (name: string, bytes: Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  const raw = readFileSync(capture);

  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ['gzip', gzipSync(raw)],
    ['zstd', zstdCompressSync(raw)],
  ])('%s is recognised by its content, whatever the name', async (name, bytes) => {
    expect((await parse(at(`log-${name}`, bytes))).kills).toHaveLength(1);
  });

  test('a file that was cut gives what could be read and says what is wrong', async () => {
    const { code, stderr } = await parse(at('cut', gzipSync(raw).subarray(0, 600)));
    expect(code).toBe(1);
    expect(stderr).toMatch(/cut ends early or is damaged/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test('a folder or a missing file is one clear sentence', async () => {
    for (const path of [folder, join(folder, 'none')]) {
      const { code, stderr } = await parse(path);
      expect(code).toBe(1);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stderr).toContain(path);
    }
  });

  test('two captures in one run have ids of their own', async () => {
    const { kills } = await parse(capture, capture);
    expect(new Set(kills.map(({ id }) => id)).size).toBe(2);
  });
});
