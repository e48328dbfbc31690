import { type ConstraintLine, parseConstraintLine } from './constraint-line.js';
import {
  type ManualLine,
  type NoVictimLine,
  type PanicLine,
  parseManualLine,
  parseNoVictimLine,
  parsePanicLine,
  parseStackLine,
  parseSuppressedLine,
  type StackLine,
  type SuppressedLine,
} from './endings.js';
import { type InvokeLine, parseInvokeLine } from './invoke-line.js';
import {
  type AnnounceLine,
  type ExitingLine,
  type KillLine,
  parseAnnounceLine,
  parseExitingLine,
  parseKillLine,
  parseSharerLine,
  type SharerLine,
} from './kill-line.js';
import {
  type GroupLine,
  type MemoryLine,
  parseGroupLine,
  parseMemoryLine,
  parseStatsLine,
  parseTaskInLine,
  type StatsLine,
  type TaskInLine,
} from './memcg-lines.js';
import { parseTableHeader, type TableHeader } from './task-table.js';

/** A line of the OOM killer, understood. */
export type OomText =
  | AnnounceLine
  | ConstraintLine
  | ExitingLine
  | GroupLine
  | InvokeLine
  | KillLine
  | ManualLine
  | MemoryLine
  | NoVictimLine
  | PanicLine
  | SharerLine
  | StackLine
  | StatsLine
  | SuppressedLine
  | TableHeader
  | TaskInLine;

type Parser = (text: string) => OomText | undefined;

/**
 * One grammar for every kernel: distributions mix the eras' lines freely, so no parser is chosen by version. Lines are
 * told apart by their first character; only the invoke line begins with a name and is tried last for any.
 */
const byFirstCharacter: Record<string, Parser[]> = {
  C: [parseStackLine],
  K: [parseKillLine, parseSharerLine, parsePanicLine],
  M: [parseKillLine, parseStatsLine, parseAnnounceLine, parseExitingLine],
  O: [parseKillLine, parseAnnounceLine, parseNoVictimLine, parseExitingLine],
  S: [parseManualLine],
  T: [parseTaskInLine, parseGroupLine],
  '[': [parseTableHeader],
  m: [parseMemoryLine],
  o: [parseConstraintLine, parseSuppressedLine],
  s: [parseManualLine],
};

/** Understands one line (latin1, decoded once). Undefined: not a line of the OOM killer, or a row of its table. */
export function parseOomText(text: string): OomText | undefined {
  for (const parse of byFirstCharacter[text[0] ?? ''] ?? []) {
    const line = parse(text);
    if (line !== undefined) return line;
  }
  return parseInvokeLine(text);
}
