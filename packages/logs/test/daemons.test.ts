import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hindrance, type Program, programs, Unusable, versionOf } from './daemons/programs.js';
import { essence, kernelLines, killsIn, rawRecords } from './support/understood.js';

/** What the programs of `versions.json` wrote of the first of these. OOMWATCHER_WRITE=1 writes it anew. */
const output = join(import.meta.dirname, 'daemons/output');
const first = '6.1.0-56--c-group.kmsg';
const ordinary = [first, '4.19.108--a-single.kmsg', '6.1.0-56--e-global-root.kmsg'];
/** Names with newlines, tabs and bytes that are no UTF-8: each program spells them in its own way. */
const hostile = '6.1.0-56--g-comm.kmsg';
const writes = process.env.OOMWATCHER_WRITE !== undefined;

const killsOf = (capture: string) => killsIn(rawRecords(kernelLines(capture))).kills.map(essence);

describe.each(programs)('$name', (program) => {
  it.skipIf(writes).each(program.forms)('%s as it was written: the kills that went in', (form) => {
    const log = readFileSync(join(output, program.name, `${form}.log`));
    expect(killsOf(first).length).toBeGreaterThan(1);
    expect(killsIn(log).kills.map(essence)).toEqual(killsOf(first));
  });

  it('itself: the kills that went in come out', async ({ skip }) => {
    for (const capture of ordinary) {
      await written(program, capture, skip, (form, log) => {
        if (writes && capture === first) keep(program, form, log);
        const { kills } = killsIn(log);
        expect(kills.map(essence), `${form} of ${capture}`).toEqual(killsOf(capture));
      });
    }
  });

  it('itself: nothing false comes of hostile names', async ({ skip }) => {
    const right = new Map(killsOf(hostile).map((kill) => [kill.pid, kill]));
    await written(program, hostile, skip, (form, log) => {
      for (const { victim, memory, trigger } of killsIn(log).kills) {
        const own = right.get(victim?.pid);
        expect(own, `${form}: ${victim?.pid}`).toBeDefined();
        if (memory !== undefined) expect(memory, form).toEqual(own?.memory);
        expect([own?.trigger?.[1], undefined], form).toContain(trigger?.pid);
      }
    });
  });
});

/** Has the program write the capture, and looks at each of its forms. */
async function written(
  program: Program,
  capture: string,
  skip: (condition: boolean, note?: string) => void,
  look: (form: string, log: Buffer) => void,
): Promise<void> {
  const reason = hindrance(program);
  skip(reason !== undefined, reason);
  const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-daemon-'));
  try {
    await program.write(kernelLines(capture), folder);
    for (const form of program.forms) look(form, readFileSync(join(folder, form)));
  } catch (error) {
    skip(error instanceof Unusable, String(error));
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function keep(program: Program, form: string, log: Buffer): void {
  const list = join(output, 'versions.json');
  const versions = JSON.parse(readFileSync(list, 'utf8')) as Record<string, string>;
  versions[program.name] = versionOf(program) as string;
  writeFileSync(list, `${JSON.stringify(versions, undefined, 2)}\n`);
  mkdirSync(join(output, program.name), { recursive: true });
  writeFileSync(join(output, program.name, `${form}.log`), log);
}
