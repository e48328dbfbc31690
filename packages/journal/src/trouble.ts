import { dirname } from 'node:path';

/** What keeps a journal from being on disk. */
export type TroubleKind =
  | 'full'
  | 'read-only'
  | 'no-access'
  | 'input-output'
  | 'corrupt'
  | 'newer'
  | 'foreign'
  | 'in-use';

const codes = {
  full: 'ERR_JOURNAL_FULL',
  'read-only': 'ERR_JOURNAL_READ_ONLY',
  'no-access': 'ERR_JOURNAL_NO_ACCESS',
  'input-output': 'ERR_JOURNAL_INPUT_OUTPUT',
  corrupt: 'ERR_JOURNAL_CORRUPT',
  newer: 'ERR_JOURNAL_NEWER',
  foreign: 'ERR_JOURNAL_FOREIGN',
  'in-use': 'ERR_JOURNAL_IN_USE',
} as const;

/** The message is one sentence with the remedy. */
export class JournalTrouble extends Error {
  override readonly name = 'JournalTrouble';
  readonly kind: TroubleKind;
  readonly code: (typeof codes)[TroubleKind];

  constructor(kind: TroubleKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.code = codes[kind];
  }
}

/**
 * What an error of SQLite or of the file system means for the journal at `path`; undefined: it is a defect of ours,
 * such as a wrong statement.
 */
export function troubleOf(error: unknown, path: string): JournalTrouble | undefined {
  if (error instanceof JournalTrouble) return error;
  const kind = kindOf(error);
  return kind === undefined
    ? undefined
    : new JournalTrouble(kind, `${sentences[kind](path)} (${(error as Error).message})`, error);
}

function kindOf(error: unknown): TroubleKind | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, errcode } = error as NodeJS.ErrnoException & { errcode?: number };
  // The low byte is the primary code (https://sqlite.org/rescode.html).
  if (errcode === noRoomForIndex) return 'full';
  if (code === 'ERR_SQLITE_ERROR') return byResultCode.get((errcode ?? 0) & 0xff);
  return code === undefined ? undefined : byErrno.get(code);
}

/** SQLITE_IOERR_SHMSIZE: no room for the index of the write-ahead log. */
const noRoomForIndex = 4874;

const byResultCode = new Map<number, TroubleKind>([
  [3, 'no-access'], // SQLITE_PERM
  [5, 'in-use'], // SQLITE_BUSY
  [8, 'read-only'],
  [10, 'input-output'],
  [11, 'corrupt'],
  [13, 'full'],
  [14, 'no-access'], // SQLITE_CANTOPEN
  [15, 'in-use'], // SQLITE_PROTOCOL: a lock that another program does not give back
  [19, 'corrupt'], // SQLITE_CONSTRAINT: our statements break none over tables that are whole
  [20, 'corrupt'], // SQLITE_MISMATCH
  [26, 'corrupt'], // SQLITE_NOTADB
]);

const byErrno = new Map<string, TroubleKind>([
  ['EACCES', 'no-access'],
  ['EPERM', 'no-access'],
  ['ENOENT', 'no-access'],
  ['ENOTDIR', 'no-access'],
  ['EEXIST', 'no-access'],
  ['ELOOP', 'no-access'],
  ['ENAMETOOLONG', 'no-access'],
  ['EROFS', 'read-only'],
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['EIO', 'input-output'],
]);

/** What root has made once by hand is not the agent's. */
function ownership(path: string): string {
  const uid = process.getuid?.() ?? 0;
  return uid === 0 ? '' : ` (chown -R ${uid} ${dirname(path)})`;
}

const elsewhere = 'or name another folder with --state-dir';

const sentences: Record<TroubleKind, (path: string) => string> = {
  full: (path) => `there is no room left for ${path}: make room, ${elsewhere}`,
  'read-only': (path) => `${path} cannot be written: mount it writable, ${elsewhere}`,
  'no-access': (path) =>
    `${path} cannot be opened or made: check the folder and its permissions${ownership(path)}, ${elsewhere}`,
  'input-output': (path) => `reading or writing ${path} failed: check the disk, ${elsewhere}`,
  corrupt: (path) => `${path} is damaged: check the disk, ${elsewhere}`,
  newer: (path) =>
    `${path} was written by a newer oomwatcher: run that version again, ${elsewhere}`,
  foreign: (path) =>
    `${path} is another program's database, and is left alone: move it away, ${elsewhere}`,
  'in-use': (path) => `${path} is locked by another program: end that program, ${elsewhere}`,
};

/** A database of a version that this program does not know must not be touched: it may mean something else by now. */
export function newerSchema(path: string, version: number, known: number): JournalTrouble {
  const detail = `its schema is ${version}, this one knows ${known}`;
  return new JournalTrouble('newer', `${sentences.newer(path)} (${detail})`);
}

/** Nothing that another program has made may be changed, nor put aside as if it were damaged. */
export function foreignDatabase(path: string): JournalTrouble {
  return new JournalTrouble('foreign', sentences.foreign(path));
}

/** What the migrations have made is there no more, or is something else. */
export function changedSchema(path: string, cause?: unknown): JournalTrouble {
  const detail = 'its tables are not as they were made';
  return new JournalTrouble('corrupt', `${sentences.corrupt(path)} (${detail})`, cause);
}

/** A folder, a FIFO, a device. */
export function noFile(path: string): JournalTrouble {
  return new JournalTrouble('foreign', `${path} is no file: move it away, ${elsewhere}`);
}

export function damagedPages(path: string, fault: string): JournalTrouble {
  return new JournalTrouble(
    'corrupt',
    `${sentences.corrupt(path)} (${fault.replace(/\s+/g, ' ')})`,
  );
}

/** Somebody has removed or replaced the folder, or the file: what is written goes nowhere. */
export function removedFile(path: string): JournalTrouble {
  return new JournalTrouble(
    'no-access',
    `${path} was removed or replaced while the agent ran: leave the state folder to it, ${elsewhere}`,
  );
}
