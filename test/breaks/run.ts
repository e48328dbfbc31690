// Breaks the code in one place after another; each time the package's own tests have to fail. They run in a copy without
// dist/, so from the sources and without a build. Arguments: words of the breaks' names; none: all.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/paths.ts';
import { SourceCopy } from '../support/source-copy.ts';
import { type Break, brokenExports, missingLines } from './breaks.ts';

const words = process.argv.slice(2);
const breaks = [
  ...missingLines(root),
  ...readdirSync(join(root, 'packages'))
    .sort()
    .flatMap((project) => brokenExports(root, project)),
].filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));

using copy = new SourceCopy();
// Tests that fail already find nothing.
const red = new Set<string>();
for (const project of new Set(breaks.map((each) => each.project))) {
  const { passed, output } = copy.vitest(project);
  if (passed) continue;
  red.add(project);
  console.log(`${project} fails before anything is broken:\n${output}`);
}
let found = 0;
for (const each of breaks) {
  const seen = !red.has(each.project) && isFound(each);
  if (seen) found++;
  console.log(`${seen ? 'found' : 'NOT FOUND'}: ${each.name}`);
}
console.log(`${found} of ${breaks.length} breaks were found`);
if (found < breaks.length || breaks.length === 0) process.exitCode = 1;

function isFound({ project, file, text }: Break): boolean {
  const path = join(copy.folder, file);
  const whole = readFileSync(path);
  writeFileSync(path, text);
  try {
    return !copy.vitest(project).passed;
  } finally {
    writeFileSync(path, whole);
  }
}
