import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const fixtures = join(import.meta.dirname, '../../../oom/test/fixtures');

/** The path of a capture of a real kernel. */
export function capture(name: string): string {
  return join(fixtures, `${name}.kmsg`);
}

/** The bytes of a capture that is stored compressed. */
export function compressedCapture(name: string): Buffer {
  return gunzipSync(readFileSync(`${capture(name)}.gz`));
}

/** The kernel's kill lines of a capture, read with nothing of the packages under test. */
export function killLines(records: string): { seq: bigint; pid: number }[] {
  return [...records.matchAll(/^[0-7],(\d+),\d+,[^;]*;[^\n]*\bKilled process (\d+) /gm)].map(
    ([, seq, pid]) => ({ seq: BigInt(seq as string), pid: Number(pid) }),
  );
}

/** Where sequence numbers are missing from a capture: the first one, and how many. */
export function gaps(records: string): { seq: bigint; lost: number }[] {
  const found: { seq: bigint; lost: number }[] = [];
  let expected: bigint | undefined;
  for (const [, digits] of records.matchAll(/^\d+,(\d+),\d+,[^;]*;/gm)) {
    const seq = BigInt(digits as string);
    if (expected !== undefined && seq > expected)
      found.push({ seq: expected, lost: Number(seq - expected) });
    expected = seq + 1n;
  }
  return found;
}
