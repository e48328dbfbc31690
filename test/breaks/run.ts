// Breaks the code in one place after another; each time the package's own tests have to fail. They run in a copy without
// dist/, so from the sources and without a build. Arguments: words of the breaks' names; none: all.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/paths.ts';
import { SourceCopy } from '../support/source-copy.ts';
import { type Break, brokenExports, missingLines } from './breaks.ts';
import { Tests } from './tests.ts';

const words = process.argv.slice(2);
const breaks = [
  ...missingLines(root),
  ...readdirSync(join(root, 'packages'))
    .sort()
    .flatMap((project) => brokenExports(root, project)),
].filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));

// What this machine lacks is no failure of the copy.
process.env.OOMWATCHER_REQUIRE_ALL = '';
using copy = new SourceCopy();
await using tests = await Tests.of(copy.folder);
const startedMs = performance.now();
let found = 0;
for (const each of breaks) {
  const finder = await finderOf(each);
  if (finder !== undefined) found++;
  console.log(
    finder === undefined ? `NOT FOUND: ${each.name}` : `found: ${each.name}, by ${finder}`,
  );
}
const minutes = (performance.now() - startedMs) / 60_000;
console.log(`${found} of ${breaks.length} breaks were found, in ${minutes.toFixed(1)} minutes`);
if (found < breaks.length || breaks.length === 0) process.exitCode = 1;

/** A file of tests that pass without the break and fail with it; undefined: there is none. */
async function finderOf({ project, word, file, text }: Break): Promise<string | undefined> {
  const path = join(copy.folder, file);
  const whole = readFileSync(path);
  const write = (content: string | Buffer) => {
    writeFileSync(path, content);
    tests.changed(path);
  };
  for (const files of await tests.files(project, word)) {
    const green = await tests.green(project, files);
    write(text);
    try {
      const failed = (await tests.run(project, green)).find(([, passed]) => !passed);
      if (failed !== undefined) return failed[0].slice(copy.folder.length + 1);
    } finally {
      write(whole);
    }
  }
  return undefined;
}
