import type { Missing, PodSpec, Qos, Scope } from '@oomwatcher/oom';
import { otherPodsEnglish } from './other-pods-english.js';
import { runUpEnglish } from './run-up-english.js';

// Everything that is said of a kill, in one place a language. Sizes come as words (`16.0 MiB`), names as they are.

/** How often a workload, `of` in words, is killed, as it was at one of its kills. */
export interface Recurring {
  of: string;
  /** Which one of its day. */
  nth: number;
  /** Whether that day is not over. */
  isToday: boolean;
  /** There may be more than were counted: of its day, and of the day before. */
  atLeast?: true;
  yesterdayAtLeast?: true;
  everyMs?: number;
  /** How many on the day before; absent: nobody knows. */
  yesterday?: number;
}

const the = (kind: PodSpec['kind'], name: string | undefined) =>
  name === undefined ? 'the container' : `${containerKinds[kind ?? 'container']} ${name}`;

const containerKinds: Record<NonNullable<PodSpec['kind']>, string> = {
  container: 'container',
  init: 'init container',
  sidecar: 'sidecar container',
  ephemeral: 'ephemeral container',
};

const owners: Record<Scope, string> = {
  container: "the container's own memory limit",
  pod: "the pod's memory limit, shared by its containers",
  qos: 'the limit of all pods of one QoS class',
  kubepods: 'the limit of all pods together (node allocatable)',
  service: "the service's memory limit",
  slice: 'the limit of a systemd slice',
  cgroup: 'the limit of a cgroup',
  node: 'none: the node itself had no memory left',
};

const atTheTime = (limit: string | undefined) =>
  limit === undefined ? '' : ` (${limit} at the time)`;
const grown = (biggestPid: number | undefined) =>
  biggestPid === undefined ? 'it' : `the biggest process (${biggestPid})`;
const of = (limit: string | undefined) => (limit === undefined ? '' : ` of ${limit}`);

export const english = {
  comma: ', ',

  resident: {
    anonymous: (size: string) => `${size} anonymous (heap, stacks)`,
    file: (size: string) => `${size} file`,
    shared: (size: string) => `${size} shared`,
  },
  usedOfLimit: (used: string, limit: string, percent: number | undefined) =>
    `${used} used of ${limit}${percent === undefined ? '' : ` (${percent} %)`}`,
  memoryWas: {
    anonymous: (size: string) => `${size} anonymous (heap, stacks)`,
    files: (size: string, tmpfs: string | undefined) =>
      `${size} of files${tmpfs === undefined ? '' : ` (${tmpfs} in tmpfs or shared memory)`}`,
    kernel: (size: string) => `${size} of the kernel`,
    sockets: (size: string) => `${size} of sockets`,
    swapped: (size: string) => `${size} more swapped out`,
  },
  nodeMemoryWas: {
    all: (size: string, parts: string, swap: string | undefined) =>
      `${size} in all, of it ${parts}${swap === undefined ? '' : `; ${swap}`}`,
    anonymous: (size: string) => `${size} anonymous (heap, stacks) or in tmpfs`,
    files: (size: string) => `${size} page cache`,
    unevictable: (size: string) => `${size} unevictable`,
    slab: (size: string) => `${size} of the kernel's objects`,
    hugePages: (size: string) => `${size} huge pages`,
    free: (size: string) => `${size} free`,
    noSwap: 'no swap',
    swap: (used: string, total: string) => `${used} used of ${total} swap`,
  },
  askedBy: {
    manual: 'somebody at the keyboard or at /proc/sysrq-trigger (sysrq-f)',
    process: (
      name: string | undefined,
      pid: number | undefined,
      isVictim: boolean,
      pages: number | undefined,
    ) => {
      const process =
        pid === undefined ? '' : ` (process ${pid}${isVictim ? ', the victim itself' : ''})`;
      const asked = pages === undefined ? '' : `, ${pages} page${pages > 1 ? 's' : ''}`;
      return `${name ?? 'an unknown process'}${process}${asked}`;
    },
  },
  group: (size: number) =>
    size === 1
      ? 'the only process of its group (memory.oom.group)'
      : `one of ${size} processes killed together (memory.oom.group)`,
  leftOut: (lines: number) => `... ${lines} line${lines === 1 ? ' is' : 's are'} left out ...`,

  runUp: runUpEnglish,

  limit: {
    owners,
    manual: 'none: somebody asked for the kill (sysrq-f)',
    cpuset: 'none: the NUMA nodes that a cpuset allows had no memory left',
    memoryPolicy: 'none: the NUMA nodes that a memory policy allows had no memory left',
    ofMemcg: 'a memory limit; whose, the log does not say',
    unknown: 'the log does not say',
    container: (kind: PodSpec['kind'], name: string | undefined, limit: string | undefined) =>
      `${the(kind, name)} reached its memory limit${of(limit)}`,
    bySpec: " (by the pod's spec)",
    specSays: (limit: string) => ` (the pod's spec says ${limit})`,
    podsOwn: (limit: string | undefined) => `the pod reached its own memory limit${of(limit)}`,
    notInSpec: (limit: string | undefined) =>
      `the pod reached a memory limit${of(limit)} that its spec does not have now`,
    sum: (limit: string | undefined) =>
      `the pod's containers together reached the sum of their memory limits${limit === undefined ? '' : `, ${limit}`}`,
    given: (limit: string | undefined) =>
      `the pod reached the memory limit${of(limit)} that its containers' limits give it`,
    mayUse: (kind: PodSpec['kind'], name: string | undefined, limit: string) =>
      `; ${the(kind, name)} may use ${limit} by the pod's spec`,
    hasNone: (kind: PodSpec['kind'], name: string | undefined) =>
      `; ${the(kind, name)} ${kind === 'ephemeral' ? 'can have no' : 'has no'} memory limit of its own`,
    specHas: (kind: PodSpec['kind'], name: string | undefined, limit: string) =>
      `; by the pod's spec ${the(kind, name)} has a memory limit of ${limit}`,
  },

  recurrence: ({ of, nth, isToday, atLeast, everyMs, yesterday, yesterdayAtLeast }: Recurring) => {
    const which = atLeast ? `kill ${nth} or later` : `${ordinal(nth)} kill`;
    const parts = [`${which} of ${of} ${isToday ? 'today' : 'that day'}`];
    if (everyMs !== undefined) parts.push(`every ${interval(everyMs)}`);
    const before = isToday ? 'yesterday' : 'the day before';
    if (yesterday !== undefined) {
      parts.push(
        yesterday === 0
          ? `none ${before}`
          : `${before} ${yesterday}${yesterdayAtLeast ? ' or more' : ''}`,
      );
    }
    return parts.join(', ');
  },

  advice: {
    manual: 'Nothing ran out: the kill was asked for.',
    byScope: {
      container: (limit, biggest) =>
        `Raise the container's memory limit${atTheTime(limit)}, or find what made ${grown(biggest)} grow.`,
      pod: (limit) =>
        `Compare the pod's containers: together they reached the pod's limit${atTheTime(limit)}; the biggest need not be the one killed.`,
      qos: (limit) =>
        `All pods of this class together reached their limit${atTheTime(limit)}: move pods, or set requests.`,
      kubepods: (limit) =>
        `All pods together reached the node's allocatable memory${atTheTime(limit)}: check requests against usage on this node.`,
      service: (limit, biggest) =>
        `Raise MemoryMax= of the unit${atTheTime(limit)}, or find what made ${grown(biggest)} grow.`,
      slice: (limit) =>
        `The units in the slice together reached its limit${atTheTime(limit)}: see systemd-cgtop for their shares.`,
      cgroup: (limit, biggest) =>
        `Raise the cgroup's limit${atTheTime(limit)}, or find what made ${grown(biggest)} grow.`,
      node: () =>
        'The kernel chose by size and oom_score_adj, not by fault: look at the biggest processes, then at limits that are missing.',
    } as Record<Scope, (limit: string | undefined, biggestPid: number | undefined) => string>,
    biggest: (resident: string) =>
      `The victim was the biggest process (${resident}): find what made it grow, or what else should have a limit.`,
    giveLimit: (kind: PodSpec['kind'], name: string | undefined) =>
      `Give ${the(kind, name)} a memory limit: by the pod's spec it has none, so that only the node's memory ends its growth.`,
    overRequest: (
      kind: PodSpec['kind'],
      name: string | undefined,
      resident: string,
      request: string,
      over: string,
    ) =>
      `The process alone held ${resident}, ${over} more than ${the(kind, name)} requests (${request}): raise the request to what it uses, for the scheduler fills the node by requests.`,
    noRequest: (kind: PodSpec['kind'], name: string | undefined, resident: string) =>
      `The process held ${resident}, and by the pod's spec ${the(kind, name)} requests no memory: the scheduler counted none for it.`,
    bestEffort: (processes: string[], more: number) =>
      `${processes.join(', ')}${more === 0 ? '' : ` and ${more} more`} had oom_score_adj 1000, as kubelet gives it to pods without any request or limit (BestEffort).`,
    bigProcess: (name: string, pid: number, resident: string) => `${name} (${pid}, ${resident})`,
    zone: (node: number, zone: string, free: string, min: string) =>
      `NUMA node ${node} ${zone} (${free} free, its reserve is ${min})`,
    exhausted: (zones: string[], more: number) =>
      `No memory was left but the kernel's reserve in ${zones.join(', ')}${more === 0 ? '' : ` and ${more} more zones`}.`,
    fragmented: (pages: number, node: number, zone: string, free: string) =>
      `${pages} pages in one piece were asked for: NUMA node ${node} ${zone} had ${free} free, but all of it in smaller pieces.`,
    nodeTmpfs: (size: string, all: string) =>
      `${size} of the node's ${all} were files in tmpfs or shared memory: df -t tmpfs shows where, an emptyDir with medium Memory is one.`,
    nodeSlab: (size: string, all: string) =>
      `${size} of the node's ${all} were the kernel's own objects (slab): slabtop shows which.`,
    nodeUnevictable: (size: string, all: string) =>
      `${size} of the node's ${all} could not be taken back (unevictable): memory that programs have locked (mlock), or a ramfs.`,
    hugePages: (size: string, all: string, free: string) =>
      `${size} of the node's ${all} were set aside as huge pages, ${free} of them free: nothing else may use them.`,
    swapFull: (total: string, free: string) => `Swap was full: ${free} of ${total} were free.`,
    lessTmpfs: (limit: string | undefined) =>
      `Keep less in tmpfs or shared memory (sizeLimit bounds an emptyDir), or raise the limit${atTheTime(limit)}.`,
    howMuchByPace: (rate: string, span: string, aMinute: string) =>
      `The kill does not show how much is enough: at the pace before it (${rate} for ${span}) each further ${aMinute} last a minute.`,
    howMuchUnknown: (used: string) =>
      `The kill does not show how much is enough: ${used} were in use, and nobody knows how much more was needed.`,
    likelyChoice: (adjustment: number, percent: number) =>
      `Its oom_score_adj of ${adjustment} adds ${percent} % of the node's memory to its size when the kernel chooses: that it was killed does not show that it was the biggest.`,
    lowered: (limit: string, used: string) =>
      `The limit was lowered to ${limit} while ${used} were in use: raise it again, or free memory before it is lowered.`,
    groupDied:
      'All processes of the group were killed with it: kubelet sets memory.oom.group for each container since 1.28, unless its singleProcessOOMKill is true.',
    mainProcessLives:
      "The container's main process lived on, so Kubernetes shows no OOMKilled for this kill.",
    tmpfs: (size: string, used: string) =>
      `${size} of ${used} were files in tmpfs or shared memory: an emptyDir with medium Memory and /dev/shm count against the limit, and files there stay until they are deleted, also when their writer is killed.`,
    pageCache: (size: string, used: string) =>
      `${size} of ${used} were page cache that could not be given up in time: files being written, or mapped and in use.`,
    kernel: (
      size: string,
      used: string,
      slab: string | undefined,
      pageTables: string | undefined,
    ) => {
      const parts: string[] = [];
      if (slab !== undefined) parts.push(`${slab} slab (files, directories and other objects)`);
      if (pageTables !== undefined) parts.push(`${pageTables} page tables`);
      return `${size} of ${used} were the kernel's own${parts.length === 0 ? '' : `: ${parts.join(', ')}`}.`;
    },
    sockets: (size: string, used: string) =>
      `${size} of ${used} were buffers of sockets: data that nobody has read or sent.`,
    smallVictim: (size: string) =>
      `The victim had only ${size} of it: other processes held the rest.`,
  },

  /** Beside processes that hold memory. */
  tmpfsFiles: 'files in tmpfs or shared memory',

  otherPods: otherPodsEnglish,

  incomplete: {
    witnessedWithheld: 'The kernel withheld the report; what is known was read at the kill itself.',
    witnessed: 'The log has no report of it; what is known was read at the kill itself.',
    why: {
      withheld:
        'The kernel withheld the report: it prints ten reports in 5 s for the whole machine.',
      lost: 'Part of the report is missing: lines of the log were lost.',
      cut: 'Part of the report is missing from the log, which reports no loss: whatever saved it left lines out.',
      'kill-line':
        "The log has no kill line: the report proves the kill, the process's sizes are not known.",
    } as Record<Missing, string>,
    partMissing: 'Part of the report is missing from the log.',
    noReport:
      'The log has no report of this kill: the kernel prints ten reports in 5 s for the whole machine, or its lines were lost or left out.',
  },

  /** A kill as a paragraph on a terminal. */
  paragraph: {
    labels: {
      killed: 'Killed',
      limit: 'Limit',
      cgroup: 'Cgroup',
      often: 'How often',
      askedBy: 'Trigger',
      group: 'Group',
      before: 'Before',
      processes: 'Processes',
      pods: 'Pods',
      next: 'Next',
    },
    title: 'OOM kill',
    localTime: (time: string) => `${time} in the log's own zone`,
    sinceBoot: (seconds: string) => `${seconds} s after boot`,
    onHost: (host: string) => `on ${host}`,
    noVictim: 'a process whose line was lost; a counter reports it',
    process: (pid: number) => `, process ${pid}`,
    thread: (tid: number) => ` (its thread ${tid} was named)`,
    user: (uid: number) => `, user ${uid}`,
    resident: (size: string, parts: string) => `${size} resident: ${parts}`,
    pod: (name: string, qos: Qos | undefined) =>
      `pod ${name}${qos === undefined ? '' : `, ${qos}`}`,
    container: (name: string) => `container ${name}`,
    innerPod: (uid: string) => `pod ${uid} of a cluster that runs in it`,
    fromProc: 'read from /proc while the process was dying',
    fromKernel: 'reported by the kernel at the kill itself',
  },
};

/** What each language has to say: a sentence that one of them lacks does not compile. */
export type Words = typeof english;

/** 1st, 2nd, 3rd, 4th, 11th, 21st */
function ordinal(n: number): string {
  const tens = n % 100;
  const last = tens > 10 && tens < 14 ? 0 : n % 10;
  return `${n}${['th', 'st', 'nd', 'rd'][last] ?? 'th'}`;
}

/** `40 s`, `4 min`, `2 h`: as exact as somebody reads it. */
function interval(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 1) return 'second or less';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
