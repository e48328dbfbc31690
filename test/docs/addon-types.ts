import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/paths.ts';

export const addonTypesPath = 'packages/kmsg/src/addon-types.ts';

/**
 * The addon's declarations as a file of kmsg. The addon is optional: where it is not installed, an import of its types is an
 * error to a strict compiler (TS2307) and silently `any` to one with skipLibCheck.
 */
export function addonTypes(): string {
  const declarations = readFileSync(join(root, 'native/index.d.ts'), 'utf8');
  return `// Made by test/docs/write.ts of native/index.d.ts, for programs that have not installed the optional addon.\n\n${declarations}`;
}
