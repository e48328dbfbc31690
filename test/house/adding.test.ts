import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../support/paths.ts';
import { SourceCopy } from '../support/source-copy.ts';

/** What a page has its reader do: `new`: a file with this content; `diff`: lines in a file that is there. */
interface Step {
  kind: 'new' | 'diff';
  file: string;
  text: string;
}

/** Code blocks that name a file: ```ts new PATH, ```diff PATH. */
function stepsOf(page: string): Step[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^```(?:ts (new)|(diff)) (\S+)\n([\s\S]*?)^```$/gm)].map(
    ([, isNew, , file = '', body = '']) => ({
      kind: isNew === undefined ? 'diff' : 'new',
      file,
      text: body,
    }),
  );
}

/** Each run of lines, which begin with a blank, - or +, is applied at the one place where it fits. */
function applied(text: string, diff: string): string {
  let result = text;
  for (const hunk of diff.split(/^@@\n/m)) {
    const lines = hunk.split('\n').slice(0, -1);
    const side = (mark: string) =>
      lines
        .filter((line) => !line.startsWith(mark))
        .map((line) => `${line.slice(1)}\n`)
        .join('');
    const before = side('+');
    expect(result.split(before), `one place for\n${before}`).toHaveLength(2);
    result = result.replace(before, () => side('-'));
  }
  return result;
}

describe.each([
  { page: 'docs/adding-a-kernel-line.md', project: 'oom', tests: ['registry'] },
  { page: 'docs/adding-a-log-format.md', project: 'logs', tests: ['ticker', 'same-capture'] },
  { page: 'docs/adding-a-sink.md', project: 'agent', tests: ['spool'] },
])('$page', ({ page, project, tests }) => {
  it('leads whoever follows it to types that fit and tests that pass', () => {
    using copy = new SourceCopy();
    const steps = stepsOf(page);
    expect(steps.length).toBeGreaterThan(1);
    for (const { kind, file, text } of steps) {
      const path = join(copy.folder, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, kind === 'new' ? text : applied(readFileSync(path, 'utf8'), text));
    }
    for (const { passed, output } of [
      copy.types(
        project,
        steps.map(({ file }) => file),
      ),
      copy.vitest(project, ...tests),
    ]) {
      expect(passed, output).toBe(true);
    }
  });
});
