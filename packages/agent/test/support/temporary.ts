import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../kmsg/test/support/temporary.js';

/** A file for one test. */
export function temporaryFile(content: string | Uint8Array, name = 'log'): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}
