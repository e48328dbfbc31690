import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../packages/kmsg/test/support/temporary.ts';
import { readHandout } from './handout.ts';

it('a kill is what its amendments make of it, also those that came in the next scenario', () => {
  const folder = temporaryFolder();
  const guest = join(folder, 'guest');
  mkdirSync(join(guest, 'single'), { recursive: true });
  const write = (name: string, ...lines: unknown[]) =>
    writeFileSync(join(guest, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const kill = { schema: 'oomwatcher.kill/v1', id: 'b:p5-7', complete: false };
  const amendment = {
    schema: 'oomwatcher.amendment/v1',
    id: 'b:p5-7',
    fields: { complete: true, seq: 12 },
  };
  write('agent.ndjson', kill, amendment, { ...amendment, id: 'b:p6-7', fields: { seq: 13 } });
  write('single/agent.ndjson', kill);
  for (const name of ['single/truth.ndjson', 'agent.stderr', 'kernel-log.kmsg']) write(name);
  for (const name of ['kills-after', 'kills-before', 'agent.status', 'kernel-log.error'])
    write(name);
  for (const name of ['kernel-count', 'status', 'stderr']) write(`single/${name}`);
  writeFileSync(join(guest, 'scenarios'), 'single\n');
  writeFileSync(join(guest, 'release'), '6.18\n');
  const tar = join(folder, 'handout.tar.gz');
  execFileSync('tar', ['-czf', tar, '-C', guest, '.']);
  const { scenarios } = readHandout(tar, join(folder, 'read'));
  expect(scenarios.get('single')?.kills).toEqual([{ ...kill, complete: true, seq: 12 }]);
});
