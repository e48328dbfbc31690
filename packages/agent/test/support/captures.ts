import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const packages = join(import.meta.dirname, '../../..');

/** The path of a capture of a real kernel. */
export function capture(name: string): string {
  return join(packages, 'oom/test/fixtures', `${name}.kmsg`);
}

/** The bytes of a log that a real tool printed. */
export function printedLog(name: string): Buffer {
  return readFileSync(join(packages, 'logs/test/formats/fixtures', name));
}
