import { type ConstraintLine, constraintFamily } from './constraint-line.js';
import type { LineFamily } from './family.js';
import { type FreeListLine, freeListFamily } from './free-list-line.js';
import { type InvokeLine, invokeFamily, type StackLine, stackFamily } from './invoke-line.js';
import {
  type AnnounceLine,
  announceFamily,
  type KillLine,
  killFamily,
  type SharerLine,
  sharerFamily,
} from './kill-line.js';
import {
  type CounterLine,
  counterFamily,
  type GroupLine,
  groupFamily,
  type MemoryLine,
  type MemswLine,
  memoryFamily,
  memswFamily,
  type StatsLine,
  statsFamily,
  type TaskInLine,
  taskInFamily,
} from './memcg-lines.js';
import { type MemoryStatLine, memoryStatFamily } from './memory-stat-lines.js';
import {
  type ExitingLine,
  exitingFamily,
  type NoVictimLine,
  noVictimFamily,
  type PanicLine,
  panicFamily,
} from './no-kill-lines.js';
import { type NodeMemoryLine, nodeMemoryFamily } from './node-memory-lines.js';
import {
  type ManualLine,
  manualFamily,
  type ReaperLine,
  reaperFamily,
  type SuppressedLine,
  suppressedFamily,
} from './notice-lines.js';
import { type OtherKillerLine, otherKillerFamily } from './other-killers.js';
import { type TableHeader, tableFamily } from './task-table.js';

/** A line of the OOM killer, understood. */
export type OomText =
  | AnnounceLine
  | ConstraintLine
  | CounterLine
  | ExitingLine
  | FreeListLine
  | GroupLine
  | InvokeLine
  | KillLine
  | ManualLine
  | MemoryLine
  | MemoryStatLine
  | MemswLine
  | NodeMemoryLine
  | NoVictimLine
  | OtherKillerLine
  | PanicLine
  | ReaperLine
  | SharerLine
  | StackLine
  | StatsLine
  | SuppressedLine
  | TableHeader
  | TaskInLine;

/**
 * The lines of every kernel: distributions mix the eras' lines freely, so nothing is chosen by version. To teach the
 * program a line, add its family to this table; what it does to a report is machine.ts.
 */
export const families: readonly LineFamily<OomText>[] = [
  invokeFamily,
  stackFamily,
  taskInFamily,
  memoryFamily,
  memswFamily,
  counterFamily,
  statsFamily,
  memoryStatFamily,
  nodeMemoryFamily,
  freeListFamily,
  tableFamily,
  constraintFamily,
  announceFamily,
  killFamily,
  sharerFamily,
  groupFamily,
  exitingFamily,
  noVictimFamily,
  panicFamily,
  suppressedFamily,
  manualFamily,
  reaperFamily,
  otherKillerFamily,
];

/** By the code of the first character; families that begin with a name are tried last for any. */
const byFirstCharacter = new Map<number, LineFamily<OomText>[]>();
for (const family of families) {
  const codes = new Set(family.begins?.map((words) => words.charCodeAt(0)));
  for (const code of codes) {
    byFirstCharacter.set(code, [...(byFirstCharacter.get(code) ?? []), family]);
  }
}
const ofAnyBeginning = families.filter(({ begins }) => begins === undefined);
const none: LineFamily<OomText>[] = [];

/** Understands one line (latin1, decoded once). Undefined: not a line of the OOM killer, or a row of its table. */
export function parseOomText(text: string): OomText | undefined {
  for (const family of byFirstCharacter.get(text.charCodeAt(0)) ?? none) {
    const line = family.parse(text);
    if (line !== undefined) return line;
  }
  for (const { contains, parse } of ofAnyBeginning) {
    if (contains !== undefined && !text.includes(contains)) continue;
    const line = parse(text);
    if (line !== undefined) return line;
  }
  return undefined;
}

const forgeable: ReadonlySet<string> = new Set(
  families.flatMap((family) => (family.forgeable ? [family.type] : [])),
);

/** Whether a line of user space imitates the OOM killer. */
export function isForgery(text: string): boolean {
  const type = parseOomText(text)?.type;
  return type !== undefined && forgeable.has(type);
}

const beside: ReadonlySet<string> = new Set(
  families.flatMap((family) => (family.beside ? [family.type] : [])),
);

/** Whether the line is the OOM killer's next one, so that nothing continues the one before it. */
export function endsLineBefore(text: string): boolean {
  const type = parseOomText(text)?.type;
  return type !== undefined && !beside.has(type);
}

/** Whether the text, a line of the kernel's (latin1, decoded once), is one of its OOM killer's. */
export function understands(text: string): boolean {
  return parseOomText(text) !== undefined;
}
