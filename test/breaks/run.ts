// Breaks the code in one place after another; each time the package's own tests have to fail. They run in a copy without
// dist/, so from the sources and without a build. Arguments: words of the breaks' names; none: all.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { root } from '../support/paths.ts';
import { type Break, brokenExports, missingLines } from './breaks.ts';

const projects = readdirSync(join(root, 'packages')).sort();
const words = process.argv.slice(2);
const breaks = [
  ...missingLines(root),
  ...projects.flatMap((project) => brokenExports(root, project)),
].filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));

const copy = copyWithoutBuild();
const unseen: string[] = [];
try {
  for (const project of new Set(breaks.map((each) => each.project))) {
    if (!passes(project)) throw new Error(`the tests of ${project} fail before anything is broken`);
  }
  for (const each of breaks) {
    const found = isFound(each);
    console.log(`${found ? 'found' : 'NOT FOUND'}: ${each.name}`);
    if (!found) unseen.push(each.name);
  }
} finally {
  rmSync(copy, { recursive: true });
}
console.log(`${breaks.length - unseen.length} of ${breaks.length} breaks were found`);
if (unseen.length > 0 || breaks.length === 0) process.exitCode = 1;

function isFound({ project, file, text }: Break): boolean {
  const path = join(copy, file);
  const whole = readFileSync(path);
  writeFileSync(path, text);
  try {
    return !passes(project);
  } finally {
    writeFileSync(path, whole);
  }
}

/** Without what reads the machine's kernel log: other kills on it are not the code's. */
function passes(project: string): boolean {
  const { status, stdout } = spawnSync(
    'node_modules/.bin/vitest',
    ['run', '--project', project, '--bail', '1', '--exclude', '**/*.live.test.ts'],
    { cwd: copy, encoding: 'utf8', env: { ...process.env, OOMWATCHER_REQUIRE_ALL: '' } },
  );
  if (status !== 0 && process.env.OOMWATCHER_VERBOSE === '1') console.log(stdout);
  return status === 0;
}

/** The checkout's sources, and links to the packages that are installed in it; our own ones are the copy's. */
function copyWithoutBuild(): string {
  const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-breaks-'));
  const isMade = /^(dist|bundle|build|test-results|node_modules|\.turbo)$/;
  const names = ['packages', 'native', 'benchmarks', 'test', 'docs', 'vitest.config.ts'];
  for (const name of [...names, 'tsconfig.base.json', 'package.json']) {
    cpSync(join(root, name), join(folder, name), {
      recursive: true,
      filter: (path) => !isMade.test(basename(path)),
    });
  }
  const installed = join(root, 'node_modules');
  mkdirSync(join(folder, 'node_modules/@oomwatcher'), { recursive: true });
  for (const name of readdirSync(installed)) {
    if (['@oomwatcher', 'oomwatcher', '.vite', '.vite-temp'].includes(name)) continue;
    symlinkSync(join(installed, name), join(folder, 'node_modules', name));
  }
  symlinkSync('../packages/agent', join(folder, 'node_modules/oomwatcher'));
  symlinkSync('../../native', join(folder, 'node_modules/@oomwatcher/native'));
  symlinkSync('../../test', join(folder, 'node_modules/@oomwatcher/test'));
  for (const project of projects.filter((name) => name !== 'agent')) {
    symlinkSync(`../../packages/${project}`, join(folder, 'node_modules/@oomwatcher', project));
  }
  return folder;
}
