import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One place where the code is broken on purpose. */
export interface Break {
  name: string;
  /** The workspace whose own tests must find it: a project of vitest.config.ts. */
  project: string;
  /** What a test that is about it says. */
  word: string;
  /** Relative to the checkout. */
  file: string;
  /** The whole file, broken. */
  text: string;
}

const registry = 'packages/oom/src/lines/index.ts';

/** Each line of the table of kernel lines, left out. */
export function missingLines(root: string): Break[] {
  const text = readFileSync(join(root, registry), 'utf8');
  const table = /^export const families: .*\[\n([\s\S]*?)^\];$/m.exec(text)?.[1];
  if (table === undefined) throw new Error(`${registry} has no table of families`);
  return table
    .split('\n')
    .filter((entry) => entry !== '')
    .map((entry) => ({
      name: `no ${entry.trim().replace(',', '')}`,
      project: 'oom',
      word: 'families',
      file: registry,
      text: text.replace(`${table}`, table.replace(`${entry}\n`, '')),
    }));
}

/** Each function that the package's door exports, throwing; of the command, which has no door, what builds it. */
export function brokenExports(root: string, project: string): Break[] {
  const door = `packages/${project}/src/index.ts`;
  const exported = existsSync(join(root, door))
    ? namesOf(door, readFileSync(join(root, door), 'utf8'))
    : [{ name: 'buildProgram', file: `packages/${project}/src/cli/program.ts` }];
  return exported.flatMap(({ name, file }) => {
    const text = thrown(readFileSync(join(root, file), 'utf8'), name);
    return text === undefined
      ? []
      : [{ name: `${project}: ${name} throws`, project, word: name, file, text }];
  });
}

/** What a door passes on of its own package, in its order. */
function namesOf(door: string, text: string): { name: string; file: string }[] {
  return [...text.matchAll(/^export \{([^}]*)\} from '(\.[^']*)\.js';/gm)].flatMap(
    ([, names = '', path = '']) =>
      names
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '' && !name.startsWith('type '))
        .map((name) => ({ name, file: join(dirname(door), `${path}.ts`) })),
  );
}

/** The source with a function that throws when it is called; undefined: there is no such function. */
function thrown(text: string, name: string): string | undefined {
  const start = new RegExp(`^export (?:async )?function\\*? ${name}\\b`, 'm').exec(text);
  if (start === null) return undefined;
  // Its body begins with the first brace, outside of all others, that ends a line: the formatter sees to that.
  let depth = 0;
  for (let at = start.index; at < text.length; at++) {
    const character = text[at] as string;
    if (character === '{' && depth === 0 && text[at + 1] === '\n' && isBody(text, at)) {
      return `${text.slice(0, at + 1)}\n  throw new Error('broken on purpose');${text.slice(at + 1)}`;
    }
    if ('({['.includes(character)) depth++;
    if (')}]'.includes(character)) depth--;
  }
  return undefined;
}

/** Not a type of the form `): {`. */
function isBody(text: string, brace: number): boolean {
  return !/:\s*$/.test(text.slice(0, brace));
}
