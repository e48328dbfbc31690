import type { OpenKill } from './address.js';
import type { ExplanationOptions } from './explanation.js';
import { words } from './language/language.js';
import type { Live } from './live.js';
import type { ExplainedFile } from './log-file.js';

type AddressedKill = Pick<ExplanationOptions, 'kill' | 'recordedMs' | 'report' | 'recurrence'>;

/**
 * The kill that an address names, of the node or of the file that is open: a row of one means another kill in the other. Why
 * there is none is one sentence.
 */
export async function addressedKill(
  { row, file: name }: OpenKill,
  file: ExplainedFile | undefined,
  live: Live,
): Promise<AddressedKill | string> {
  if (name !== file?.name) {
    const said = words().address;
    return name === undefined ? said.ofNode : said.ofFile(name);
  }
  if (file === undefined) {
    return live.kill(row).catch(() => words().address.notInJournal(row));
  }
  const kill = file.kills[row - 1];
  if (kill === undefined) return words().address.notInFile(file.name, row);
  const report = file.report(kill);
  return { kill, ...(report !== undefined && { report }) };
}
