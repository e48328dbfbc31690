import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../support/paths.ts';

const published = ['oom', 'logs', 'kmsg', 'watcher'];

/** Names that a door passes on of its own package, with the source of each. */
function exportsOf(project: string): { name: string; text: string }[] {
  const door = join(root, `packages/${project}/src/index.ts`);
  const lists = readFileSync(door, 'utf8').matchAll(
    /^export (?:type )?\{([^}]*)\} from '(\.[^']*)\.js';/gm,
  );
  return [...lists].flatMap(([, names = '', path = '']) => {
    const text = readFileSync(join(dirname(door), `${path}.ts`), 'utf8');
    return names
      .split(',')
      .map((name) => name.trim().replace(/^type /, ''))
      .filter((name) => name !== '')
      .map((name) => ({ name, text }));
  });
}

/** Whether a comment stands right above what is declared under the name. */
function isDocumented(name: string, text: string): boolean {
  const declared = new RegExp(
    `(\\*/\\n)?^export (?:declare )?(?:async )?(?:type|interface|class|const|function\\*?|enum|abstract class) ${name}\\b`,
    'm',
  ).exec(text);
  if (declared === null) throw new Error(`${name} is not declared where the door says`);
  return declared[1] !== undefined;
}

/** Properties of an interface of options that may be absent and not undefined, as what passes an option on has it. */
function strictOptions(name: string, text: string): string[] {
  const [, body = ''] =
    new RegExp(`^export interface ${name}\\b.*?\\{\\n([^]*?)^\\}`, 'm').exec(text) ?? [];
  return body
    .split('\n')
    .filter((line) => /^ {2}\w+\?: /.test(line) && !/\| undefined;$/.test(line));
}

describe.each(published)('@oomwatcher/%s', (project) => {
  const names = exportsOf(project);

  it('exports something', () => expect(names.length).toBeGreaterThan(0));

  it('exports nothing without a word on what it is, in which units, and what it throws', () => {
    expect(
      names.filter(({ name, text }) => !isDocumented(name, text)).map(({ name }) => name),
    ).toEqual([]);
  });

  it('takes undefined for every option: exactOptionalPropertyTypes would refuse one that is passed on', () => {
    const options = names.filter(({ name }) => /Options$|Choice$/.test(name));
    expect(options.length).toBeGreaterThan(0);
    expect(options.flatMap(({ name, text }) => strictOptions(name, text))).toEqual([]);
  });
});
