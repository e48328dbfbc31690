import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildFolder, root } from './paths.ts';

/** The code of a page in one language, in its order. */
export function codeIn(page: string, language: string): string[] {
  const blocks = page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)\\n\`\`\`$`, 'gm'));
  return [...blocks].map(([, code]) => code as string);
}

/**
 * Compiles a page's TypeScript, strictly, against the packages as they are built. Returns a program for each.
 *
 * @param name of a folder of its own
 */
export function compileCode(name: string, sources: readonly string[]): string[] {
  const folder = join(buildFolder, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = sources.map((_, at) => `code-${at}.ts`);
  for (const [at, source] of sources.entries()) {
    writeFileSync(join(folder, files[at] as string), `${source}\n`);
  }
  const compilerOptions = { composite: false, declarationMap: false, skipLibCheck: false };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: join(root, 'tsconfig.base.json'), compilerOptions, files }),
  );
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', folder], { stdio: 'inherit' });
  return files.map((file) => join(folder, file.replace(/ts$/, 'js')));
}
