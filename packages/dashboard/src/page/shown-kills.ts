import type { Kill } from '@oomwatcher/oom';
import type { KillTable } from './kill-table.js';
import type { Live } from './live.js';
import type { ExplainedFile } from './log-file.js';

/** A record whole: the list has only what it shows. */
export interface WholeKill {
  row: number;
  kill: Kill;
  recordedMs?: number;
}

export interface ShownKills {
  table: KillTable;
  /** What is shown, newest first. */
  slots: Uint32Array;
  file: ExplainedFile | undefined;
  live: Live;
}

/** Kills that are saved at once: more are for `oomwatcher history`. */
export const maxSaved = 20_000;
const pageRows = 200;

/**
 * The records of the kills that are shown, newest first; of the node they are asked for page by page. What the journal has
 * forgotten since is not among them.
 */
export async function* shownKills({
  table,
  slots,
  file,
  live,
}: ShownKills): AsyncGenerator<WholeKill[]> {
  const rows = Array.from(slots.subarray(0, maxSaved), (slot) => table.number('row', slot) ?? 0);
  if (file !== undefined) {
    yield rows.flatMap((row) => {
      const kill = file.kills[row - 1];
      return kill === undefined ? [] : { row, kill };
    });
    return;
  }
  const wanted = new Set(rows);
  for (let at = 0; at < rows.length; ) {
    const newest = rows[at] as number;
    let end = at;
    while (end < rows.length && (rows[end] as number) > newest - pageRows) end++;
    const { kills } = await live.page(newest + 1, newest - (rows[end - 1] as number) + 1);
    const found = kills.filter(({ row }) => wanted.has(row));
    yield found;
    // An answer ends early where its kills are big.
    const oldest = kills.at(-1)?.row ?? 0;
    while (at < end && (rows[at] as number) >= oldest) at++;
  }
}
