import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/paths.ts';

export const libraryPage = readFileSync(join(root, 'docs/library.md'), 'utf8');

/** A code block of docs/library.md. */
export interface Example {
  /** `ts`, `js cjs`, `js jest`. */
  language: string;
  code: string;
  /** What it prints, where the page says so: the block of `text` behind it. */
  output: string | undefined;
}

export const examples: Example[] = [
  ...libraryPage.matchAll(/^```(?!text)(.+)\n([\s\S]*?)^```$(?:\n+```text\n([\s\S]*?)^```$)?/gm),
].map(([, language = '', code = '', output]) => ({ language, code, output }));

/** The names in the first column of the table below a heading, or of the first table that begins with a word. */
export function firstColumn(head: string): string[] {
  const table =
    libraryPage.slice(libraryPage.indexOf(`\n| ${head} |`) + 1).split('\n\n', 1)[0] ?? '';
  const rows = table.split('\n').slice(2);
  return rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name as string),
  );
}
