/**
 * The native seam: one class. Bytes in, batches out; every meaning is TypeScript's (packages/kmsg).
 *
 * A KmsgReader owns two threads. One polls the device, reads one record a call until EAGAIN, keeps the records that the
 * keep-filter asks for in a bounded memory ring, and has the other one wake JavaScript once per batch. When the memory ring
 * is full it stops reading: the kernel's ring is then the second buffer, and what is overwritten there is counted exactly
 * from the sequence numbers. Up to eight more read the slow files of snapshots, where there are such.
 */
export declare class KmsgReader {
  /**
   * Opens `options.path` at the oldest record and starts the threads. Keeps the event loop alive until closed, as a
   * socket does.
   *
   * @param onWake called on the JavaScript thread when `read` has something new: rows, the end, or an error.
   * @throws Error with `code`, `errno`, `syscall`, `path` when the device cannot be opened; code `ERR_NOT_KMSG` when
   *   `path` is not the character device 1:11. `errno` is negative, as in every system error of Node.
   * @throws TypeError, RangeError naming the option that is not as described here.
   */
  constructor(options: ReaderOptions, onWake: () => void);

  /**
   * Moves as many rows as fit from the memory ring into `batch`, oldest first, and returns how many. 0 = nothing now.
   *
   * @throws Error with `code`, `errno`, `syscall` once, after the last row, when the device failed for good.
   * @throws TypeError when `batch` is not as BatchMemory says, RangeError when its arena cannot hold the next row.
   */
  read(batch: BatchMemory): number;

  /** Counters since the start. Cheap; a copy. */
  stats(): ReaderStats;

  /** Stops and joins the threads and closes the device. Idempotent. No wake follows. */
  close(): void;
}

export interface ReaderOptions {
  /** Default `/dev/kmsg`. */
  path?: string;
  /** Size of the memory ring, bytes; default 8 MiB, at least 64 KiB, at most 1 GiB. */
  ringBytes?: number;
  keep: KeepFilter;
  snapshots: SnapshotRule[];
}

/** Which records are handed over. Byte strings are latin1: one character a byte, as the kernel escaped them. */
export interface KeepFilter {
  /** A record is kept when one of these rules holds; no rules at all = every record is kept. */
  rules: KeepRule[];
  /** Keep every fragment (flag other than `-`) of facility 0 too. */
  fragments: boolean;
}

export interface KeepRule {
  bytes: string;
  /** `start`: the text begins with the bytes; `anywhere`: it contains them. */
  at: 'start' | 'anywhere';
  /** `kernel`: only records of facility 0; `any`: all. */
  facility: 'kernel' | 'any';
}

/**
 * In a kept record of facility 0 whose text contains `marker` directly followed by a decimal number n, the drain thread
 * reads `files` of `folder` at once and in this order, `%` in the folder's path standing for n: the process that n names is
 * dying. The folder is opened once, so that all files are of one process though its number may pass to another meanwhile.
 */
export interface SnapshotRule {
  marker: string;
  folder: string;
  /** Paths in the folder; with `slowFiles` at most 6, so that a row always fits 64 KiB. */
  files: string[];
  /**
   * Paths that are read after these and belong to the same snapshot. Reading them may wait for a lock that others hold for
   * long, so up to eight threads that stand ready do it, and the log is read on meanwhile; rows keep their order.
   */
  slowFiles?: string[];
}

/**
 * Memory that JavaScript owns and native fills; row i of a batch is index i of every column. All columns have the same
 * length. The arena must hold the largest row: 64 KiB is always enough.
 */
export interface BatchMemory {
  arena: Uint8Array;
  /** See RowKind. */
  kind: Uint8Array;
  /** Facility * 8 + level, as in the record's prefix. */
  priority: Uint16Array;
  /** The flag's byte: `-`, `c` or `+`; 0 where the prefix has none. */
  flag: Uint8Array;
  /** 1: the record was the first read after the thread had waited, so its age is only the wake-up. */
  fresh: Uint8Array;
  /** Record: its sequence number. Loss: that of the first lost record. Caught up: that of the last record read. */
  seq: BigUint64Array;
  /** The kernel's timestamp, microseconds of the printk clock. */
  timestampUs: Float64Array;
  /** CLOCK_MONOTONIC when the record was read, microseconds. */
  readMonotonicUs: Float64Array;
  /** CLOCK_REALTIME at the same moment, microseconds since the epoch. */
  readRealtimeUs: Float64Array;
  /** Loss: how many records. Otherwise 0. */
  lost: Float64Array;
  /** The whole record as read(2) gave it, in the arena. */
  recordOffset: Uint32Array;
  recordLength: Uint32Array;
  /** Its text within the arena: after the first `;`, before the first newline, still escaped. */
  textOffset: Uint32Array;
  textLength: Uint32Array;
  /**
   * What the snapshot found, length 0 = none. For each file of the rule in order: int32 little-endian n, then n bytes;
   * a negative n is -errno and no bytes follow. A file is cut at 8192 bytes.
   */
  snapshotOffset: Uint32Array;
  snapshotLength: Uint32Array;
}

export interface ReaderStats {
  /** Records that read(2) returned, kept or not. */
  read: number;
  kept: number;
  /** Bytes of all records read. */
  bytes: number;
  /** EPIPE answers: times the kernel's ring overran this reader. */
  overruns: number;
  /** EINVAL answers: records larger than the read buffer, which the kernel drops. */
  oversize: number;
  /** Records without a valid prefix, skipped. */
  malformed: number;
  /** Records lost in all, from gaps in the sequence. */
  lost: number;
  /** Times the thread paused because the memory ring was full. */
  ringFull: number;
  /**
   * Times the log was read to its end (EAGAIN). When this has grown by two, everything that was in the log at the first
   * look, and was not lost, is counted in `kept` or was not wanted.
   */
  dry: number;
  /** Sequence number of the first and last record read; absent before the first. */
  firstSeq?: bigint;
  lastSeq?: bigint;
}
