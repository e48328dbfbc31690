import type { BatchMemory, SnapshotRule } from './addon-types.js';
import { hasAt, latin1Bytes } from './markers.js';

/** A file's part of a snapshot that is larger is cut: /proc/<pid>/status is about 1.5 KiB, a cgroup path at most 4. */
export const maxSnapshotFileBytes = 8192;
const lengthBytes = 4;

/** So that a record and its snapshot fit the 64 KiB that any arena has. */
const maxFiles = 6;

/** A pid has at most 7 digits (PID_MAX_LIMIT, 4194304); longer numbers are not looked up. */
const maxDigits = 10;

interface CompiledRule {
  marker: Uint8Array;
  folder: string;
  files: string[];
}

/** How the files of a snapshot are read. Nothing throws: a failure is -errno. */
export interface FolderIo {
  /** A folder that is then the same one, whatever comes to stand at its path. */
  openFolder(path: string): number;
  /** Reads the beginning of a file of the folder into `target` and returns the number of bytes. */
  readFile(folder: number, name: string, target: Uint8Array): number;
  close(folder: number): void;
}

/** For a source that takes no snapshots: nobody asks it. */
export const noFolders: FolderIo = { openFolder: () => -1, readFile: () => -1, close: () => {} };

/**
 * Reads the files that a record's text asks for, at the moment the record is read: the process that it names is dying,
 * and a millisecond later its cgroup may be gone.
 */
export class Snapshots {
  /** Bytes of the largest snapshot that the rules can give. */
  readonly maxBytes: number;
  readonly #rules: CompiledRule[];
  readonly #io: FolderIo;

  constructor(rules: readonly SnapshotRule[], io: FolderIo) {
    this.#rules = rules.map(({ marker, folder, files, slowFiles = [] }) => ({
      marker: latin1Bytes(marker),
      folder,
      files: [...files, ...slowFiles],
    }));
    this.#io = io;
    const files = Math.max(0, ...this.#rules.map((rule) => rule.files.length));
    if (files > maxFiles) throw new RangeError(`a snapshot has at most ${maxFiles} files`);
    this.maxBytes = files * (lengthBytes + maxSnapshotFileBytes);
  }

  /**
   * Takes the snapshot of the first rule that the text (`start` to `end` in `arena`) matches and writes it to `arena`
   * at `target`, where `maxBytes` are free. Returns its length, 0 when no rule matches.
   */
  take(arena: Uint8Array, start: number, end: number, target: number): number {
    for (const rule of this.#rules) {
      const number = numberAfter(arena, start, end, rule.marker);
      if (number !== undefined) return this.#write(arena, target, rule, number);
    }
    return 0;
  }

  #write(arena: Uint8Array, target: number, rule: CompiledRule, number: string): number {
    const view = new DataView(arena.buffer, arena.byteOffset, arena.byteLength);
    const folder = this.#io.openFolder(rule.folder.replaceAll('%', number));
    let at = target;
    for (const file of rule.files) {
      const content = arena.subarray(at + lengthBytes, at + lengthBytes + maxSnapshotFileBytes);
      const count = folder < 0 ? folder : this.#io.readFile(folder, file, content);
      view.setInt32(at, count, true);
      at += lengthBytes + Math.max(0, count);
    }
    if (folder >= 0) this.#io.close(folder);
    return at - target;
  }
}

function numberAfter(
  bytes: Uint8Array,
  start: number,
  end: number,
  marker: Uint8Array,
): string | undefined {
  for (let at = start; at + marker.length < end; at++) {
    if (!hasAt(bytes, at, end, marker)) continue;
    const first = at + marker.length;
    let last = first;
    while (last < end && bytes[last]! >= 0x30 && bytes[last]! <= 0x39) last++;
    const digits = last - first;
    if (digits > 0 && digits <= maxDigits)
      return Buffer.from(bytes.subarray(first, last)).toString('latin1');
  }
  return undefined;
}

/** A file of a snapshot that could not be read. `errno` is negative, as in every system error of Node: -2 is ENOENT. */
export interface SnapshotError {
  errno: number;
}

/**
 * The files of a row's snapshot in the rule's order; empty when none was taken. The bytes are views of the batch's
 * arena, valid as long as the batch.
 */
export function decodeSnapshot(memory: BatchMemory, row: number): (Uint8Array | SnapshotError)[] {
  const { arena } = memory;
  const view = new DataView(arena.buffer, arena.byteOffset, arena.byteLength);
  const files: (Uint8Array | SnapshotError)[] = [];
  let at = memory.snapshotOffset[row]!;
  const end = at + memory.snapshotLength[row]!;
  while (at < end) {
    const count = view.getInt32(at, true);
    at += lengthBytes;
    files.push(count < 0 ? { errno: count } : arena.subarray(at, at + count));
    at += Math.max(0, count);
  }
  return files;
}
