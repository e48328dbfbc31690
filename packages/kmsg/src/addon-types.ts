// Made by test/docs/write.ts of native/index.d.ts, for programs that have not installed the optional addon.

// Long, because every word of the seam is said here, for whoever has only the package.

/**
 * The native seam: two classes, one for each place where the kernel tells of OOM kills, and one that records the minutes
 * before. Bytes in, batches out; every meaning is TypeScript's.
 */

/** False: the addon that is loaded was built here, from this package's sources, and comes before the prebuilt one. */
export declare const isPrebuilt: boolean;

/**
 * From now on a heap that reaches its limit ends the process by `exitCode`, and `sentence` is the last line on standard
 * error: Node itself prints thirty lines about its own machine code and aborts. For the thread that calls it. Returns false
 * where V8 does not offer what this needs: all is as before then.
 *
 * @throws TypeError when the arguments are not a string and a number.
 */
export declare function endWhenOutOfMemory(sentence: string, exitCode: number): boolean;

/**
 * Collects all garbage of the calling thread's heap, moves what is left together, and gives the kernel the pages that V8 and
 * malloc(3) have no use for: 30 to 60 ms, in which that thread does nothing else. Returns false where V8 does not offer what
 * this needs: nothing is done then.
 */
export declare function trimMemory(): boolean;

/**
 * The kernel's log.
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

  /**
   * Has the thread read on at once. The kernel wakes who waits for its log up to 4 ms late, and after the record was printed
   * on every console.
   */
  look(): void;

  /** Counters since the start. Cheap; a copy. */
  stats(): ReaderStats;

  /** Stops and joins the threads and closes the device. Idempotent. No wake follows. */
  close(): void;

  /** The event loop goes on without it: whether the process stays alive is others' affair. Idempotent. */
  unref(): void;

  /** Undoes `unref`. Idempotent. */
  ref(): void;
}

/** What a KmsgReader reads, and which records it hands over. */
export interface ReaderOptions {
  /** Default `/dev/kmsg`. */
  path?: string | undefined;
  /** Size of the memory ring, bytes; default 8 MiB, at least 64 KiB, at most 1 GiB. */
  ringBytes?: number | undefined;
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

/** One reason to keep a record; see KeepFilter. */
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
  slowFiles?: string[] | undefined;
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

/** Counters of a reader since it was opened. They only grow. */
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

/**
 * Finds many words in one pass over bytes: the same as MarkerSearch of packages/logs, which is its specification, at
 * several times its rate.
 */
export declare class TextSearch {
  /** @param words latin1, at least 4 bytes each. @throws TypeError for others. */
  constructor(words: readonly string[]);

  /**
   * Where the first word in `bytes` begins at or after `from` and ends before `end`, and which one: the place times the
   * number of words, plus the word's index. -1: there is none. Of words that begin together it is the one that was named
   * first.
   *
   * @throws TypeError, RangeError for other arguments.
   */
  find(bytes: Uint8Array, from: number, end: number): number;

  /**
   * Reads the file on, from its position, until the buffer holds one of the words, the file ends, or 256 MiB are passed.
   * What has no word is passed in whole records (lines with the lines behind them that begin with a blank) and is gone;
   * the last whole record before a word stays in the buffer. One call at a time, and of one file until `stopReading`; the
   * buffer is in use until it is done. Words with newlines may not be found.
   *
   * A regular file is searched ahead by threads of its own, one a processor and at most four, also between two calls: some
   * 16 MiB. They end with the file, with a read that fails, or with `stopReading`.
   *
   * @param held bytes at the front of `buffer` that were read before
   * @returns how many bytes, the held ones first, were passed, how many are in the buffer, and whether the file has ended;
   *   rejects with an Error with `code`, `errno`, `syscall` when a read fails.
   * @throws TypeError, RangeError for other arguments, Error while a read goes on.
   */
  readPast(
    fd: number,
    buffer: Uint8Array,
    held: number,
  ): Promise<{ passed: number; length: number; ended: boolean }>;

  /** Ends the threads of `readPast`. @throws Error while a read goes on. */
  stopReading(): void;
}

/**
 * The kill itself: a program in the kernel that writes a record when the OOM killer kills, and two threads that read it.
 * Neither a compiler nor headers are needed for it; the kernel describes its types itself (/sys/kernel/btf/vmlinux).
 *
 * A record is of a kill: a process that the kernel only marks because it is dying anyway is not told. What is not certain is
 * absent.
 */
export declare class OomWitness {
  /**
   * Loads the program, about 8 ms, and starts the threads. From then on no kill is missed that the ring has room for. Keeps
   * the event loop alive until closed. Needs CAP_BPF and CAP_PERFMON (before Linux 5.8 CAP_SYS_ADMIN) during this call.
   *
   * @param onWake called on the JavaScript thread when `read` has something new.
   * @throws Error with `code`, `errno`, `syscall` where the kernel refuses it; its message ends with what to do. Code
   *   `ERR_KERNEL_LAYOUT`: the kernel's types lack something that is needed.
   * @throws TypeError, RangeError naming the option that is not as described here.
   */
  constructor(options: WitnessOptions, onWake: () => void);

  /**
   * Oldest first, at most 256; none: nothing now. What the kernel had written before this call is among them, or was lost.
   */
  read(): WitnessRecord[];

  /**
   * With `keepUntilReleased`: so many of the records that were read, oldest first, are done with.
   *
   * @throws TypeError when `count` is no number.
   */
  release(count: number): void;

  /** Counters since the program was loaded. Cheap: they are mapped. */
  stats(): WitnessStats;

  /** Stops and joins the threads. The program leaves the kernel, unless it is pinned. Idempotent. No wake follows. */
  close(): void;

  /** As of KmsgReader. */
  unref(): void;
  ref(): void;

  /**
   * Takes a program out of the kernel that was pinned in the folder `path`, and what it kept. Without one there is nothing
   * to do.
   *
   * @throws Error with `code` when it cannot: `ERR_PINS_IN_USE`, another agent reads it; `ERR_PINS_FOREIGN`, it belongs to
   *   somebody else.
   */
  static remove(path: string): void;

  /**
   * Loads the program, or takes over the one that is pinned, for another process, which needs no right to bpf(2) then. Waits
   * until it is attached wherever it can be, some milliseconds.
   *
   * @throws as the constructor does.
   */
  static load(options: Omit<WitnessOptions, 'handed'>): LoadedWitness;

  /**
   * Replaces this process by `command`, looked for in PATH. It has the descriptors from 3 on, and LISTEN_PID, LISTEN_FDS and
   * LISTEN_FDNAMES name them, as sd_listen_fds(3) says.
   *
   * @throws Error with `code`, `errno`, `syscall` when it cannot; descriptors of this process are closed then, so end it.
   */
  static become(command: readonly string[], descriptors: readonly WitnessDescriptor[]): never;

  /**
   * Has systemd keep the descriptors for the service's processes: FDSTORE of sd_notify(3).
   *
   * @param socket what NOTIFY_SOCKET says
   * @throws Error with `code`, `errno`, `syscall`.
   */
  static store(socket: string, descriptors: readonly WitnessDescriptor[]): void;

  /** Has systemd forget what was stored under these names, before they are made anew. @throws as `store` does. */
  static forget(socket: string, names: readonly string[]): void;
}

/** A descriptor of a program that was loaded for another process, and its name. */
export interface WitnessDescriptor {
  name: string;
  fd: number;
}

/** A program that was loaded for another process. */
export interface LoadedWitness
  extends Pick<WitnessStats, 'pinned' | 'pinsMessage' | 'controlMessage'> {
  control: 'attached' | 'refused';
  /** What keeps the program, and what it is read by; the caller's to hand over. */
  descriptors: WitnessDescriptor[];
}

/** How the program in the kernel is loaded, and where its records wait. */
export interface WitnessOptions {
  /**
   * A folder in a BPF file system, made where it is missing, in which the program outlives the process: kills meanwhile wait
   * in its ring, for the next one that names the same folder. Of another version's program the ring is read to its end and
   * then ours is there instead; no kill is lost by that. Where pins cannot be had all goes on without: see `pinsMessage`.
   */
  pins?: string | undefined;
  /**
   * Whether records that were read stay in the kernel's ring, and with `pins` outlive the process, until they are released;
   * default false. What is not released takes up its room.
   */
  keepUntilReleased?: boolean | undefined;
  /** Of a program that `load` has loaded: nothing is loaded then. They are the witness's own from now on. */
  handed?: readonly WitnessDescriptor[] | undefined;
  /** Size of the kernel's ring: a power of two, at least a page, at most 64 MiB; default 512 KiB, about 500 kills. */
  ringBytes?: number | undefined;
}

/** What the kernel program told of one process. Sizes are KiB. */
export interface WitnessRecord {
  /**
   * `kill`: a process that the OOM killer killed. `sharer`: one that dies with the last `kill` because it shares its memory;
   * the kernel neither counts it nor prints a line. `again`: the first victim of a group, which is killed, counted and printed
   * once more as a member of it. The last two have neither `trigger` nor `levels`, and no sizes.
   *
   * A `sharer` that is directly followed by a `kill` of the same process was the beginning of that kill.
   */
  kind: 'kill' | 'sharer' | 'again';
  /** Counts all that was to be written: a gap is a loss. */
  sequence: number;
  /** Records that found the ring full, until this one. */
  dropped: number;
  /** CLOCK_MONOTONIC at the kill, and when a thread took it from the ring. Not the clock of the kernel's log. */
  monotonicUs: number;
  takenMonotonicUs: number;
  process: WitnessedProcess;
  /** Of `kill`: the cgroups from the process's own up to the root; the root's name is empty. */
  levels?: WitnessedLevel[];
  /** The chain goes on above the last of `levels`. */
  levelsCut?: boolean;
  /** Of `kill`: the task that needed memory. */
  trigger?: WitnessedTrigger;
  /** Of `kill`, where the kernel lets its function be traced: its own words. */
  control?: WitnessedControl;
  /** The kernel's own number of this kill in the cgroup that counted it; kills of it that were missed leave a gap. */
  number?: number;
  numberCgroupId?: bigint;
}

/** Names are latin1, one character a byte. */
export interface WitnessedProcess {
  /** As in the kernel's line: of the thread that was chosen. */
  pid: number;
  tgid: number;
  name: string;
  /** With the tgid, what no other process of this boot has. */
  startBoottimeNs: bigint;
  uid: number;
  oomScoreAdj: number;
  /** The name of the file that it runs, cut at 255 bytes. */
  executable?: string;
  parentPid: number;
  parentName: string;
  /** Whether it is the first process of its pid namespace; absent: that is the host's. */
  firstOfPidNamespace?: boolean;
  totalVmKiB?: number;
  anonRssKiB?: number;
  fileRssKiB?: number;
  shmemRssKiB?: number;
  swapKiB?: number;
  pageTablesKiB?: number;
  /** The sizes lack what CPUs have not added yet (Linux 6.2), as those of the kernel's line do until Linux 7. */
  sizesApproximate?: boolean;
}

/** One cgroup of the chain from a process up to the root, as it was at the kill. */
export interface WitnessedLevel {
  /** The inode number of its directory: a path can be used again, this cannot. */
  id: bigint;
  name: string;
  usageKiB: number;
  /** Absent: none. */
  limitKiB?: number;
  /** v1: memory and swap. */
  swapUsageKiB?: number;
  swapLimitKiB?: number;
  /** Kills that the kernel has counted in this cgroup, not below it. */
  kills: number;
  /** Whether the trigger is in it or below; a limit that killed is of such a cgroup. */
  aboveTrigger?: boolean;
}

/** The task that needed memory. */
export interface WitnessedTrigger {
  pid: number;
  tgid: number;
  name: string;
  cgroupId: bigint;
  /** From its own cgroup up to the root; none: its cgroup is the process's. */
  levels: WitnessedLevel[];
  levelsCut: boolean;
}

/** The kernel's own words about why it killed: fields of its struct oom_control (include/linux/oom.h). */
export interface WitnessedControl {
  /** Absent: no cgroup's limit, the host itself was out of memory. */
  limitCgroupId?: bigint;
  gfpMask: number;
  order: number;
  constraint?: number;
}

/** Counters of the program in the kernel and of the threads that read it. */
export interface WitnessStats {
  /** Records that were to be written; those that found the ring full; absent: the kernel did not tell. */
  told?: number;
  dropped?: number;
  /** Marks of processes that were dying already, which are no kills. */
  dying?: number;
  /** Marks that may have been kills and were not told: the mark came more than a second after the signal. */
  undecided?: number;
  /** Records that were taken from the ring. */
  taken: number;
  /** Of these, such as this version does not know. */
  malformed: number;
  /** Whether the program outlives this process; why not, where it was asked for. */
  pinned: boolean;
  pinsMessage?: string;
  /** Whether records have `control`. */
  control: 'trying' | 'attached' | 'refused';
  controlMessage?: string;
}

/**
 * The memory of cgroups over the last ten minutes.
 *
 * A MemoryRecorder owns one thread. It follows the memory hierarchy by inotify and samples every cgroup that has a limit, or
 * is below one that has: its usage every five seconds (a change by a sixteenth of the limit is sampled at once, and
 * what changes or is new is looked at every second), all of it every twenty, and up to twice a second the nearer it is to its
 * limit, there with its biggest processes. Page cache does not count
 * as near. The thread keeps itself to 0.25 % of a core: where that is not enough, all intervals are longer by one factor. Memory:
 * at most 2 MiB of samples. It neither wakes JavaScript nor keeps the event loop alive.
 */
export declare class MemoryRecorder {
  /**
   * Starts the thread.
   *
   * @throws Error with `code`, `errno`, `syscall`, `path` when `root` cannot be opened or there is no thread.
   * @throws TypeError naming the option that is not as described here.
   */
  constructor(options: RecorderOptions);

  /**
   * What was recorded of the cgroup that had the path at that moment, also since then. undefined: nothing. A cgroup that is
   * gone is known for a minute.
   *
   * @param path from the root of the hierarchy, its bytes: `/a/b`
   * @param atMonotonicUs of CLOCK_MONOTONIC
   * @throws TypeError when the arguments are something else.
   */
  runUp(path: Buffer, atMonotonicUs: number): RecordedRunUp | undefined;

  /**
   * Cgroups that now use at least `share` (0 to 1) of a limit of their own, the fullest first, at most `max`.
   *
   * @throws TypeError when the arguments are not numbers from 0 on.
   */
  closeToLimit(share: number, max: number): RecordedRunUp[];

  /** What it does and holds by now. */
  stats(): RecorderStats;

  /** Stops and joins the thread; what was recorded can still be asked for. Idempotent. */
  close(): void;
}

/** Which hierarchy a MemoryRecorder samples. */
export interface RecorderOptions {
  /** 1: `memory.usage_in_bytes` and its like; 2: `memory.current`. */
  version: 1 | 2;
  /** Where it is mounted. */
  root: string;
}

/** What was recorded of one cgroup. */
export interface RecordedRunUp {
  /** From the root of the hierarchy; latin1, one character a byte. */
  path: string;
  /** Since when it was watched: CLOCK_MONOTONIC. */
  sinceMonotonicUs: number;
  /** Oldest first, at most 80; the older, the further apart. */
  samples: RecordedSample[];
}

/** A cgroup and all below it at one moment of CLOCK_MONOTONIC. What is absent the kernel did not tell. */
export interface RecordedSample {
  monotonicUs: number;
  usageKiB: number;
  /** Absent: it had no limit of its own. */
  limitKiB?: number;
  anonKiB?: number;
  /** With `shmemKiB`. */
  fileKiB?: number;
  shmemKiB?: number;
  kernelKiB?: number;
  swapKiB?: number;
  /** The part of `fileKiB` that the kernel gives up first. */
  inactiveFileKiB?: number;
  /** The biggest, biggest first, at most 5; where it was near its limit. */
  processes?: RecordedProcess[];
}

/** A process at one moment. */
export interface RecordedProcess {
  pid: number;
  /** When it began, in ticks since boot: with the pid its identity. */
  startTicks: number;
  /** Latin1, one character a byte. */
  comm: string;
  anonRssKiB: number;
  fileRssKiB?: number;
  shmemRssKiB?: number;
}

/** What a MemoryRecorder does and holds. */
export interface RecorderStats {
  /** Cgroups that are sampled; those that have a limit of their own; all that are followed. */
  cgroups: number;
  limited: number;
  followed: number;
  /** What is held of all: samples, processes of samples, and their memory. */
  heldSamples: number;
  heldProcesses: number;
  heldBytes: number;
  /** Since the start: readings of a usage alone, and of all of a cgroup. */
  looks: number;
  samples: number;
  /** The share of a core that the thread took in the last five seconds. */
  cpuShare: number;
  /** By so much all intervals are longer, to stay below its share; 1: not at all. */
  stretch: number;
  /** There are more than 20,000 cgroups, or deeper ones than 64 levels: the others are not known. */
  leftOut: boolean;
  /** inotify gave no more watches: new cgroups are found within ten seconds instead of one. */
  lacksWatches: boolean;
  /** /proc did not show a process of a cgroup: no right to, or on v2 another pid namespace (v1 leaves such out). */
  processesDenied: boolean;
  /** Since when all cgroups are known: CLOCK_MONOTONIC. Absent: not yet. */
  sinceMonotonicUs?: number;
}
