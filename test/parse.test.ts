import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Kill } from '@oomwatcher/oom';
import { expect, it } from 'vitest';
import { builtAgent, needs, type Requirement } from './support/needs.ts';
import { command, root } from './support/paths.ts';

interface Truth {
  kills: { pid: number; comm: string }[];
}

const fixtures = join(root, 'packages/oom/test/fixtures');
const scenarios = ['a-single', 'f-storm', 'c-group', 'l-invisible'];
const captures = globSync(`**/*--{${scenarios.join(',')}}.kmsg`, { cwd: fixtures })
  .map((file) => join(fixtures, file))
  .filter((capture) => existsSync(truthOf(capture)));

const someCaptures: Requirement = () =>
  captures.length > 0 ? undefined : 'needs the captures of packages/oom';

needs(builtAgent, someCaptures).describe('oomwatcher parse', () => {
  it.each(captures.map((capture) => [basename(capture), capture]))(
    'reports the kills of %s as wait(2) saw them, from a file and from stdin',
    (_, capture) => {
      const truth: Truth = JSON.parse(readFileSync(truthOf(capture), 'utf8'));
      const expected = truth.kills.map(({ pid, comm }) => `${pid} ${comm}`).sort();
      expect(expected).not.toEqual([]);
      expect(parse(capture)).toEqual(expected);
      expect(parse('-', readFileSync(capture))).toEqual(expected);
    },
  );

  it('says in one sentence that a file is not there', () => {
    const { status, stderr } = spawnSync(command, ['parse', join(fixtures, 'no-such.kmsg')]);
    expect(status).toBe(1);
    expect(stderr.toString()).toMatch(/^oomwatcher: .*no-such\.kmsg.*\n$(?![\s\S])/m);
  });
});

function parse(file: string, input?: Buffer): string[] {
  const { status, stdout, stderr } = spawnSync(command, ['parse', '--json', file], {
    ...(input !== undefined && { input }),
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(status, stderr.toString()).toBe(0);
  return stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Kill)
    .filter(({ schema }) => schema === 'oomwatcher.kill/v1')
    .map(({ victim }) => `${victim?.pid} ${victim?.name}`)
    .sort();
}

function truthOf(capture: string): string {
  return capture.replace(/\.kmsg$/, '.truth.json');
}
