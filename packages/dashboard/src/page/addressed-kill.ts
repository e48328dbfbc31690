import type { OpenKill } from './address.js';
import type { ExplanationOptions } from './explanation.js';
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
    return name === undefined
      ? 'This address is of a kill of the node: go back to this node for it.'
      : `This address is of a kill in the file ${name}, which the page does not keep: open the file again.`;
  }
  if (file === undefined) {
    return live.kill(row).catch(() => `Kill ${row} is not in the journal of this node (any more).`);
  }
  const kill = file.kills[row - 1];
  if (kill === undefined) return `${file.name} has no kill ${row}.`;
  const report = file.report(kill);
  return { kill, ...(report !== undefined && { report }) };
}
