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
  for (const [at, source] of sources.entries()) {
    writeFileSync(join(folder, `code-${at}.ts`), `${source}\n`);
  }
  compileFolder(folder);
  return sources.map((_, at) => join(folder, `code-${at}.js`));
}

/** Compiles every .ts file of a folder, with every declaration checked. @throws where it does not compile */
export function compileFolder(folder: string, more: object = {}): void {
  const options = { composite: false, declarationMap: false, skipLibCheck: false, ...more };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: options,
      include: ['*.ts'],
    }),
  );
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', folder], { stdio: 'inherit' });
}
