import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';
import { killsOf } from '../packages/journal/test/support/journals.ts';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { fillJournal } from './support/dashboard.ts';
import { builtAgent, needs, terminal } from './support/needs.ts';
import { command } from './support/paths.ts';

/** A pager that says that it is one, and keeps nobody waiting. */
const pager = 'sed "s/^/paged: /"';

/** On a terminal of its own. */
function onTerminal(env: NodeJS.ProcessEnv, ...args: string[]): string {
  const shell = [command, 'history', ...args].map((word) => `'${word}'`).join(' ');
  const { stdout } = spawnSync('script', ['-q', '-e', '-c', shell, '/dev/null'], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, NO_COLOR: '1', TERM: 'dumb', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return stdout;
}

needs(builtAgent, terminal).it('history goes through a pager on a terminal, and only there', () => {
  const folder = temporaryFolder();
  fillJournal(folder, killsOf(1, 400));
  const dir = ['--state-dir', folder];
  const shown = onTerminal({ PAGER: pager }, ...dir)
    .trimEnd()
    .split(/\r?\n/);
  expect(shown.filter((line) => line.startsWith('paged: '))).toHaveLength(shown.length);
  expect(shown.length).toBeGreaterThan(400);
  expect(onTerminal({ PAGER: pager }, ...dir, '--no-pager')).not.toContain('paged:');
  expect(onTerminal({ PAGER: pager }, '2', ...dir)).toContain('paged: OOM kill');
  // One that is left before the end is no failure.
  expect(
    onTerminal({ PAGER: 'head -n 1' }, ...dir)
      .trimEnd()
      .split('\n'),
  ).toHaveLength(1);
  const piped = spawnSync(command, ['history', ...dir], {
    encoding: 'utf8',
    env: { ...process.env, PAGER: pager },
  });
  expect(piped.stdout).not.toContain('paged:');
});
