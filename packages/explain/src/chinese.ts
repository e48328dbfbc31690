import type { PodSpec } from '@oomwatcher/oom';
import type { Words } from './english.js';
import { otherPodsChinese } from './other-pods-chinese.js';
import { runUpChinese } from './run-up-chinese.js';

// Simplified Chinese. Words of the kernel and of Kubernetes stay as they are written there.

const containerKinds: Record<NonNullable<PodSpec['kind']>, string> = {
  container: '容器',
  init: 'init 容器',
  sidecar: 'sidecar 容器',
  ephemeral: '临时容器',
};

const the = (kind: PodSpec['kind'], name: string | undefined) =>
  name === undefined ? '该容器' : `${containerKinds[kind ?? 'container']} ${name} `;
const atTheTime = (limit: string | undefined) => (limit === undefined ? '' : `（当时为 ${limit}）`);
const grown = (biggestPid: number | undefined) =>
  biggestPid === undefined ? '它' : `最大的进程（${biggestPid}）`;
const ofSize = (limit: string | undefined) => (limit === undefined ? '' : ` ${limit}`);

export const chinese: Words = {
  comma: '，',

  resident: {
    anonymous: (size) => `匿名（堆、栈）${size}`,
    file: (size) => `文件 ${size}`,
    shared: (size) => `共享 ${size}`,
  },
  usedOfLimit: (used, limit, percent) =>
    `限额 ${limit}，已用 ${used}${percent === undefined ? '' : `（${percent}%）`}`,
  memoryWas: {
    anonymous: (size) => `匿名内存（堆、栈）${size}`,
    files: (size, tmpfs) =>
      `文件 ${size}${tmpfs === undefined ? '' : `（其中 ${tmpfs} 在 tmpfs 或共享内存中）`}`,
    kernel: (size) => `内核 ${size}`,
    sockets: (size) => `套接字 ${size}`,
    swapped: (size) => `另有 ${size} 已换出到 swap`,
  },
  nodeMemoryWas: {
    all: (size, parts, swap) => `共 ${size}，其中 ${parts}${swap === undefined ? '' : `；${swap}`}`,
    anonymous: (size) => `匿名内存（堆、栈）或 tmpfs ${size}`,
    files: (size) => `页缓存 ${size}`,
    unevictable: (size) => `不可回收 ${size}`,
    slab: (size) => `内核对象 ${size}`,
    hugePages: (size) => `大页 ${size}`,
    free: (size) => `空闲 ${size}`,
    noSwap: '没有 swap',
    swap: (used, total) => `swap ${total}，已用 ${used}`,
  },
  askedBy: {
    manual: '有人在键盘上或通过 /proc/sysrq-trigger 触发（sysrq-f）',
    process: (name, pid, isVictim, pages) => {
      const process =
        pid === undefined ? '' : `（进程 ${pid}${isVictim ? '，即受害进程自身' : ''}）`;
      return `${name ?? '未知进程'}${process}${pages === undefined ? '' : `，${pages} 页`}`;
    },
  },
  group: (size) =>
    size === 1
      ? '它所在的组里唯一的进程（memory.oom.group）'
      : `一起被杀的 ${size} 个进程之一（memory.oom.group）`,
  leftOut: (lines) => `... 此处省略 ${lines} 行 ...`,

  runUp: runUpChinese,

  limit: {
    owners: {
      container: '容器自身的内存限额',
      pod: 'pod 的内存限额，由其中的容器共用',
      qos: '同一 QoS 类所有 pod 的限额',
      kubepods: '所有 pod 合计的限额（node allocatable）',
      service: 'service 的内存限额',
      slice: '某个 systemd slice 的限额',
      cgroup: '某个 cgroup 的限额',
      node: '没有触及限额：节点自身已无可用内存',
    },
    manual: '没有触及限额：这次 kill 是有人要求的（sysrq-f）',
    cpuset: '没有触及限额：cpuset 允许的 NUMA 节点已无可用内存',
    memoryPolicy: '没有触及限额：内存策略允许的 NUMA 节点已无可用内存',
    ofMemcg: '某个内存限额；日志没有说明是谁的',
    unknown: '日志没有说明',
    container: (kind, name, limit) => `${the(kind, name)}达到了它的内存限额${ofSize(limit)}`,
    bySpec: '（依据 pod 的 spec）',
    specSays: (limit) => `（pod 的 spec 写的是 ${limit}）`,
    podsOwn: (limit) => `pod 达到了它自身的内存限额${ofSize(limit)}`,
    notInSpec: (limit) => `pod 达到了内存限额${ofSize(limit)}，而它的 spec 现在没有这个限额`,
    sum: (limit) => `pod 的各个容器合计达到了它们内存限额之和${ofSize(limit)}`,
    given: (limit) => `pod 达到了由其容器的限额得出的内存限额${ofSize(limit)}`,
    mayUse: (kind, name, limit) => `；依据 pod 的 spec，${the(kind, name)}可以使用 ${limit}`,
    hasNone: (kind, name) =>
      `；${the(kind, name)}${kind === 'ephemeral' ? '不能有' : '没有'}自己的内存限额`,
    specHas: (kind, name, limit) => `；依据 pod 的 spec，${the(kind, name)}的内存限额是 ${limit}`,
  },

  recurrence: ({ of, nth, isToday, atLeast, everyMs, yesterday, yesterdayAtLeast }) => {
    const which = atLeast ? `至少第 ${nth} 次` : `第 ${nth} 次`;
    const parts = [`${of} ${isToday ? '今天' : '当天'}${which} kill`];
    if (everyMs !== undefined) parts.push(`平均每 ${interval(everyMs)}一次`);
    const before = isToday ? '昨天' : '前一天';
    if (yesterday !== undefined) {
      parts.push(
        yesterday === 0
          ? `${before}没有`
          : `${before} ${yesterday} 次${yesterdayAtLeast ? '或更多' : ''}`,
      );
    }
    return parts.join('，');
  },

  advice: {
    manual: '没有任何内存耗尽：这次 kill 是有人要求的。',
    byScope: {
      container: (limit, biggest) =>
        `提高容器的内存限额${atTheTime(limit)}，或查明是什么让${grown(biggest)}增长。`,
      pod: (limit) =>
        `比较 pod 中的各个容器：它们合计达到了 pod 的限额${atTheTime(limit)}；最大的那个不一定就是被杀的那个。`,
      qos: (limit) =>
        `这一类的所有 pod 合计达到了限额${atTheTime(limit)}：迁走一些 pod，或设置 request。`,
      kubepods: (limit) =>
        `所有 pod 合计达到了节点的 allocatable 内存${atTheTime(limit)}：对照本节点的用量检查各个 request。`,
      service: (limit, biggest) =>
        `提高 unit 的 MemoryMax=${atTheTime(limit)}，或查明是什么让${grown(biggest)}增长。`,
      slice: (limit) =>
        `slice 中的各个 unit 合计达到了它的限额${atTheTime(limit)}：用 systemd-cgtop 看各自的份额。`,
      cgroup: (limit, biggest) =>
        `提高 cgroup 的限额${atTheTime(limit)}，或查明是什么让${grown(biggest)}增长。`,
      node: () =>
        '内核按大小和 oom_score_adj 选择，而不是按过错：先看最大的几个进程，再看哪里缺少限额。',
    },
    biggest: (resident) =>
      `受害进程是最大的进程（${resident}）：查明是什么让它增长，或还有什么应该有限额。`,
    giveLimit: (kind, name) =>
      `给${the(kind, name)}设置内存限额：依据 pod 的 spec 它没有限额，它的增长只受节点内存限制。`,
    overRequest: (kind, name, resident, request, over) =>
      `仅这个进程就占用 ${resident}，比${the(kind, name)}的 request（${request}）多 ${over}：把 request 提高到实际用量，因为调度器按 request 填满节点。`,
    noRequest: (kind, name, resident) =>
      `这个进程占用 ${resident}，而依据 pod 的 spec，${the(kind, name)}没有内存 request：调度器没有为它计入任何内存。`,
    bestEffort: (processes, more) =>
      `${processes.join('、')}${more === 0 ? '' : ` 以及另外 ${more} 个进程`}的 oom_score_adj 是 1000，kubelet 把它给予没有任何 request 和 limit 的 pod（BestEffort）。`,
    bigProcess: (name, pid, resident) => `${name}（${pid}，${resident}）`,
    zone: (node, zone, free, min) =>
      `NUMA 节点 ${node} 的 ${zone}（空闲 ${free}，其最低水位为 ${min}）`,
    exhausted: (zones, more) =>
      `以下 zone 已无可用内存：${zones.join('、')}${more === 0 ? '' : `，以及另外 ${more} 个`}。`,
    fragmented: (pages, node, zone, free) =>
      `请求的是连续的 ${pages} 页：NUMA 节点 ${node} 的 ${zone} 有 ${free} 空闲，但都是更小的碎片。`,
    nodeTmpfs: (size, all) =>
      `节点的 ${all} 中有 ${size} 是 tmpfs 或共享内存中的文件：df -t tmpfs 显示在哪里，medium 为 Memory 的 emptyDir 就是其中一种。`,
    nodeSlab: (size, all) =>
      `节点的 ${all} 中有 ${size} 是内核自身的对象（slab）：slabtop 显示是哪些。`,
    nodeUnevictable: (size, all) =>
      `节点的 ${all} 中有 ${size} 无法回收（unevictable）：程序锁定的内存（mlock），或 ramfs。`,
    hugePages: (size, all, free) =>
      `节点的 ${all} 中有 ${size} 预留为大页，其中 ${free} 空闲：其他用途不能使用它们。`,
    swapFull: (total, free) => `swap 已满：${total} 中只剩 ${free} 空闲。`,
    lessTmpfs: (limit) =>
      `在 tmpfs 或共享内存中少放一些（sizeLimit 可以限制 emptyDir），或提高限额${atTheTime(limit)}。`,
    howMuchByPace: (rate, span, aMinute) =>
      `多少才够，kill 说明不了：按此前的速度（${span}内 ${rate}），每多 ${aMinute} 只够一分钟。`,
    howMuchUnknown: (used) => `多少才够，kill 说明不了：当时已用 ${used}，还需要多少，无从得知。`,
    likelyChoice: (adjustment, percent) =>
      `内核选择时，它的 oom_score_adj ${adjustment} 相当于给它的大小加上节点内存的 ${percent}%：它被杀并不说明它最大。`,
    lowered: (limit, used) =>
      `在已用 ${used} 时，限额被降到了 ${limit}：把它调回去，或在降低之前先释放内存。`,
    groupDied:
      '组里的所有进程随之一起被杀：kubelet 从 1.28 起为每个容器设置 memory.oom.group，除非其 singleProcessOOMKill 为 true。',
    mainProcessLives: '容器的主进程仍在运行，因此 Kubernetes 不会为这次 kill 显示 OOMKilled。',
    tmpfs: (size, used) =>
      `${used} 中有 ${size} 是 tmpfs 或共享内存中的文件：medium 为 Memory 的 emptyDir 和 /dev/shm 都计入限额，其中的文件在写入者被杀后仍然存在，直到被删除。`,
    pageCache: (size, used) =>
      `${used} 中有 ${size} 是来不及释放的页缓存：正在写入的文件，或已映射并在使用的文件。`,
    kernel: (size, used, slab, pageTables) => {
      const parts: string[] = [];
      if (slab !== undefined) parts.push(`slab（文件、目录等对象）${slab}`);
      if (pageTables !== undefined) parts.push(`页表 ${pageTables}`);
      return `${used} 中有 ${size} 是内核自身的${parts.length === 0 ? '' : `：${parts.join('，')}`}。`;
    },
    sockets: (size, used) => `${used} 中有 ${size} 是套接字缓冲区：没有人读取或发出的数据。`,
    smallVictim: (size) => `受害进程只占其中的 ${size}：其余由别的进程占用。`,
  },

  tmpfsFiles: 'tmpfs 或共享内存中的文件',

  otherPods: otherPodsChinese,

  incomplete: {
    witnessedWithheld: '内核没有打印报告；已知的内容是在 kill 发生时读到的。',
    witnessed: '日志里没有它的报告；已知的内容是在 kill 发生时读到的。',
    why: {
      withheld: '内核没有打印报告：它在整台机器上每 5 秒最多打印十份。',
      lost: '报告缺了一部分：日志有行丢失。',
      cut: '日志里的报告缺了一部分，而日志没有说有丢失：保存它的程序漏掉了一些行。',
      'kill-line': '日志里没有 kill 那一行：报告证明了这次 kill，进程的各项大小未知。',
    },
    partMissing: '日志里的报告缺了一部分。',
    noReport:
      '日志里没有这次 kill 的报告：内核在整台机器上每 5 秒最多打印十份，或者它的行丢失了、被漏掉了。',
  },

  paragraph: {
    labels: {
      killed: '被杀',
      limit: '限额',
      cgroup: 'Cgroup',
      often: '频率',
      askedBy: '触发者',
      group: '组',
      before: '此前',
      processes: '进程',
      pods: 'Pod 内存',
      next: '下一步',
    },
    title: 'OOM kill',
    localTime: (time) => `${time}（日志自身的时区）`,
    sinceBoot: (seconds) => `启动后 ${seconds} 秒`,
    onHost: (host) => `主机 ${host}`,
    noVictim: '一个其日志行已丢失的进程；由计数器得知',
    process: (pid) => `，进程 ${pid}`,
    thread: (tid) => `（日志写的是它的线程 ${tid}）`,
    user: (uid) => `，用户 ${uid}`,
    resident: (size, parts) => `常驻 ${size}：${parts}`,
    pod: (name, qos) => `pod ${name}${qos === undefined ? '' : `，${qos}`}`,
    container: (name) => `容器 ${name}`,
    innerPod: (uid) => `运行在其中的集群里的 pod ${uid}`,
    fromProc: '在进程消亡时从 /proc 读出',
    fromKernel: '由内核在 kill 发生时报告',
  },
};

function interval(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 1) return '不到一秒';
  if (seconds < 90) return `${Math.round(seconds)} 秒`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} 分钟`;
  return `${Math.round(seconds / 3600)} 小时`;
}
