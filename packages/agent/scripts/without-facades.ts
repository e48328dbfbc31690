import { writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import type { OutputFile } from 'esbuild';

/** Three characters, so that a statement does not grow; that esbuild gave the name to nothing is looked at. */
const builtin = '$$$';
const names = builtinModules.join('|').replaceAll('/', '\\/');
const imports = new RegExp(
  `import(?: ([\\w$]+) ?,?)?(?:\\{([^}]*)\\})?(?:\\*as ([\\w$]+) )?from"((?:node:)?(?:${names}))";`,
  'g',
);

/** The first line of every chunk, until `writeWithoutFacades` has seen whether the chunk needs it. */
export const banner = '//';

/**
 * Writes the bundle's files with Node's own modules taken as `require` gives them. An `import` of one reads every export
 * at once, for which some load others: streams for node:fs, standard input for node:process, and for node:http a second
 * HTTP client of 14 MB. Of 40 ms from the start to a parsed line, 10 were that.
 *
 * A statement becomes as long as it was, for the places in the source map.
 */
export function writeWithoutFacades(files: readonly OutputFile[]): void {
  for (const { path, contents, text } of files) {
    writeFileSync(path, path.endsWith('.js') ? withoutFacades(text) : contents);
  }
}

function withoutFacades(code: string): string {
  if (!code.startsWith(`${banner}\n`) || code.includes(builtin)) {
    throw new Error('a chunk begins otherwise, or has the name that stands for Node’s modules');
  }
  const body = code.slice(banner.length);
  const taken = body.replace(imports, (statement, whole, some = '', all, name) => {
    const module = `${builtin}("${name}")`;
    const parts = [whole, all, some && `{${some.replaceAll(' as ', ':')}}`];
    const bindings = parts.filter(Boolean).map((part) => `${part}=${module}`);
    return `const ${bindings.join(',')};`.replace('const {', 'const{').padEnd(statement.length);
  });
  // The CommonJS among the dependencies asks for Node's own modules by `require`.
  const requires = /\brequire\b/.test(taken)
    ? `,require=${builtin}("node:module").createRequire(import.meta.url)`
    : '';
  const isAsked = requires !== '' || taken.includes(builtin);
  return (isAsked ? `const ${builtin}=process.getBuiltinModule${requires};` : banner) + taken;
}
