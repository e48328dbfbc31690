import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { killsIn } from './support/understood.js';

const folder = join(import.meta.dirname, 'cases');
const cases = globSync('*/*.txt', { cwd: folder })
  .sort()
  // What is damaged in base64 are other digits afterwards.
  .filter((name) => !name.includes('base64'))
  .map((name) => readFileSync(join(folder, name)))
  .filter(({ length }) => length < 12_000);

/** For the long run: OOMWATCHER_MUTATIONS=1000000, in parts by OOMWATCHER_SEED. */
const { OOMWATCHER_MUTATIONS, OOMWATCHER_SEED } = process.env;
const numRuns = Number(OOMWATCHER_MUTATIONS ?? 3000);

/** A piece of the log is removed, doubled, moved, or some bytes are others. */
const change = fc.record({
  kind: fc.constantFrom('remove', 'double', 'swap', 'byte', 'cut'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 300 }),
  byte: fc.integer({ min: 0, max: 255 }),
});

function changed(
  log: Buffer,
  { kind, at, length, byte }: typeof change extends fc.Arbitrary<infer T> ? T : never,
): Buffer {
  const start = Math.floor(at * log.length);
  const [before, piece, after] = [
    log.subarray(0, start),
    log.subarray(start, start + length),
    log.subarray(start + length),
  ];
  if (kind === 'remove') return Buffer.concat([before, after]);
  if (kind === 'double') return Buffer.concat([before, piece, piece, after]);
  if (kind === 'swap')
    return Buffer.concat([before, after.subarray(0, length), piece, after.subarray(length)]);
  if (kind === 'cut') return Buffer.from(before);
  return Buffer.concat([before, Buffer.from([byte]), log.subarray(start + 1)]);
}

/** As it stands in a log that was wrapped, quoted or escaped. */
function bare(text: string): string {
  return text.replaceAll('=\n', '').replace(/[>|\0\s]+/g, '');
}

it('no change of a log makes it throw, and none gives a kill, a cgroup or a figure that the log does not name', {
  timeout: 600_000 + numRuns * 10,
}, () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...cases),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      (log, changes) => {
        const mutant = changes.reduce(changed, log);
        const start = process.cpuUsage();
        const { kills } = killsIn(mutant);
        expect(process.cpuUsage(start).user).toBeLessThan(3e6);
        // A name is decoded, a number is not: it stands in the log as the kernel printed it.
        const words = bare(mutant.toString('latin1'));
        for (const { victim, memory, trigger } of kills) {
          const figures = [victim?.pid, trigger?.pid, memory?.usageKiB, memory?.limitKiB];
          for (const figure of figures) {
            if (figure !== undefined) expect(words).toContain(String(figure));
          }
        }
      },
    ),
    { numRuns, ...(OOMWATCHER_SEED !== undefined && { seed: Number(OOMWATCHER_SEED) }) },
  );
});

it('what looks like a report without an end is read in time that grows with its length', () => {
  const time = (lines: number) => {
    const log = `> [    1.000000] a invoked oom-killer: gfp_mask=0x0, order=0\n${'> [    1.000000] Task in\n'.repeat(lines)}`;
    const start = process.cpuUsage();
    killsIn(log);
    return process.cpuUsage(start).user;
  };
  time(2000);
  const [short, long] = [time(4000), time(32_000)];
  expect(long).toBeLessThan(40 * Math.max(short, 20_000));
});
