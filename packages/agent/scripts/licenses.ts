import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the licenses of bundled packages ask for: each package's name and version, and its license files whole.
 *
 * @param inputs the bundled files, relative to `base`
 */
export function licenses(inputs: readonly string[], base: string): string {
  const folders = new Set(inputs.flatMap((input) => packageFolder(input) ?? []));
  return [...folders]
    .sort()
    .map((folder) => section(join(base, folder)))
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** The folder of the third-party package that a file belongs to; none for our own files. */
function packageFolder(file: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];
}

function section(folder: string): string {
  const read = (file: string) => readFileSync(join(folder, file), 'utf8').trim();
  const { name, version, license } = JSON.parse(read('package.json'));
  const files = readdirSync(folder).filter((file) =>
    /^((un)?licen[cs]e|copying|notice)/i.test(file),
  );
  return [`${name} ${version}, ${license}`, ...files.sort().map(read), ''].join('\n\n');
}
