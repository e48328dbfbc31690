import { chinese as explanation } from '@oomwatcher/explain/chinese';
import type { PageWords } from './english.js';
import { Formats } from './formats.js';
import { killChinese, runUpChinese } from './kill-chinese.js';

// Simplified Chinese. What the kernel, Kubernetes and the command call so keeps its name.

const formats = new Formats('zh-CN');
const { count } = formats;
const kills = (value: number) => `${count(value)} 次 kill`;

const scopes: Record<string, string> = {
  container: '容器',
  pod: 'pod',
  qos: '同类 pod',
  kubepods: '所有 pod',
  service: 'service',
  slice: 'slice',
  cgroup: 'cgroup',
  node: '节点',
};
const scope = (name: string) => scopes[name] ?? name;

export const chinese: PageWords = {
  code: 'zh',
  htmlLanguage: 'zh-CN',
  ownName: '中文',
  explanation,
  formats,
  sentence: (words) => `${words}。`,

  page: {
    openFile: '解释日志文件…',
    closeFile: '返回本节点',
    openPaste: '粘贴报告…',
    file: '日志文件',
    accountTitle:
      '内核自己会统计 kill 的次数（/proc/vmstat）。每一次都在这个列表里，否则会说明它在哪里。',
    factsTitle:
      '丢失：日志在被读取之前就覆盖掉的行。伪造：某个程序把 kill 的字样写进了日志；这样的行不算数。',
    timeline: '时间线',
    limitKey: '触及限额',
    nodeKey: '节点内存耗尽',
    askedKey: '有人要求（sysrq-f）',
    ranges: '显示的时间',
    victims: '被杀最多的',
    kills: 'Kill 列表',
    list: 'kill，最新的在前',
    saveJson: '把显示的 kill 存为 JSON',
    saveCsv: '把显示的 kill 存为 CSV',
    search: '按进程、pod、cgroup 或 pid 搜索 kill',
    searched: '进程、pod、cgroup、pid',
    paste: '粘贴一份内核报告',
    pasteHint: '从 dmesg、journalctl 或工单里复制的原文即可。它在这里解释，不会离开本页面。',
    cancel: '取消',
    explain: '解释',
    drop: '拖入一个日志文件：它在这里解释，不会离开本页面。',
  },

  connection: {
    starting: '正在连接',
    live: '实时',
    lost: '连接已断开，正在重试',
    file: '一个文件；不会离开本页面',
  },

  head: {
    reading: '正在读取 journal…',
    recording: '一份录制的日志，不是本节点的',
    replay: '正在重放一份捕获的日志',
    sinceBoot: '自启动以来',
    watching: '正在监视内核日志',
    readingLog: '正在读取日志中已有的内容',
    lostLines: (lines) => `日志丢失 ${count(lines)} 行`,
    forged: (lines) => `伪造 ${count(lines)} 行`,
    lastRecord: (ago) => `最后一条记录在${ago}`,
    inMemory: (reason) => `journal 只在内存中：${reason}`,
    foot: (version, source, path) =>
      `oomWatcher ${version} · ${source} 读取器 · journal ${path ?? '在内存中'}`,
    noKill: '本节点还没有 kill。',
    lostVictim: '一个日志行已丢失的进程',
    justNow: '刚刚',
    wasKilled: (name, ago) => `${name} ${ago}被杀。`,
    newest: (sentence) => `本节点最新的 kill：${sentence}`,
    goesOn: '仍在继续。',
    account: {
      uncounted: (here) => `这里有 ${kills(here)}；这个内核自己不计数，无法核对`,
      byKernel: (value) => `内核统计 ${kills(value)}`,
      here: (value) => `这里有 ${count(value)} 次`,
      repeats: (value) => `内核重复计数 ${count(value)} 次`,
      before: (value) => `首次监视之前 ${count(value)} 次`,
      away: (value) => `无人监视期间 ${count(value)} 次`,
      unaccounted: (value) => `未对上 ${count(value)} 次`,
    },
  },

  file: {
    pasted: '粘贴的文本',
    reading: (name) => `正在读取 ${name}…`,
    kills: (value, name) => `${name} 中有 ${kills(value)}。`,
    format: (format) => `${format} 日志`,
    lost: (value) => `丢失 ${count(value)} 条记录`,
    notUnderstood: (lines, first) =>
      `未能理解：${count(lines)} 行${first === undefined ? '' : `，第一处在第 ${count(first)} 行`}`,
    sinceBoot: '时间从启动算起',
    cut: 'kill 多得一个页面放不下：请用 oomwatcher parse',
    noLog: (name) =>
      `${name} 不是 oomWatcher 能读的日志：请给它 dmesg、journalctl 或 syslog 的输出`,
    foreign: (name, what, remedy) => `${name} 不能读取（${what}）：${remedy}`,
    zstd: (name) => `${name} 是 zstd，浏览器不能读取：请用 \`oomwatcher parse\``,
    packed: (name) => `${name} 由 xz 或 bzip2 压缩，不能读取：请先解压`,
  },

  address: {
    ofNode: '这个地址指向节点的一次 kill：请先返回本节点。',
    ofFile: (name) => `这个地址指向文件 ${name} 中的一次 kill，而页面不保存文件：请重新打开它。`,
    notInJournal: (row) => `本节点的 journal 里（已经）没有 kill ${row}。`,
    notInFile: (name, row) => `${name} 里没有 kill ${row}。`,
  },

  announce: {
    one: (name, pid) => `OOM kill：${name ?? '某个进程'}，进程 ${pid ?? '未知'}`,
    many: (value, name) => `${count(value)} 次 OOM kill，其中有 ${name ?? '某个进程'}`,
  },

  ranges: {
    hour: ['1 小时', '最近一小时'],
    day: ['24 小时', '最近 24 小时'],
    week: ['7 天', '最近 7 天'],
    month: ['30 天', '最近 30 天'],
    all: ['全部', '全部时间'],
  },
  range: (label, spoken) => `${label}：${spoken}`,

  timeline: {
    bar: '时间线上的柱',
    whole: (value, from, to) => `${from} 至 ${to}：${kills(value)}`,
    part: (value, from, to) => `${from} 至 ${to}：${kills(value)}`,
    node: (value) => `，其中 ${count(value)} 次因节点内存耗尽`,
    asked: (value) => `，其中 ${count(value)} 次是有人要求的`,
  },

  close: {
    title: '接近限额',
    used: (share, limit) => `已用 ${limit} 的 ${share}`,
    pageCache: (share) => `页缓存 ${share}`,
    atLimitIn: (us) => `${explanation.runUp.span(us)}后到达限额`,
    killsToday: (value) => `今天 ${kills(value)}`,
    separator: '，',
  },

  victims: {
    pods: 'Pod',
    workloads: '工作负载',
    limits: '谁的限额',
    processes: '进程',
    onlyThese: ' 次 kill：只显示这些',
    none: '无',
    scope,
  },

  list: {
    columns: {
      name: '进程',
      scope: '限额',
      namespace: '命名空间',
      pod: 'pod',
      container: '容器',
      cgroup: 'cgroup',
      workload: '工作负载',
    },
    removeFilter: (column, value) => `移除筛选 ${column} ${value}`,
    part: (shown, all) => `${count(shown)}，共 ${count(all)}`,
    soFar: (words) => `目前 ${words}`,
    printed: (shown, all) =>
      `只打印最新的 ${count(shown)} 次 kill，共 ${count(all)} 次：其余的请存为 CSV。`,
    lostVictim: '一个日志行已丢失的进程',
    unknownCgroup: '未知的 cgroup',
    nodeLimit: '节点内存耗尽',
    unknownLimit: '限额未知',
    scope,
    noMatch: '没有匹配的 kill。',
    showAll: '显示全部 kill',
    noneInFile: '这个文件里没有 kill。',
    readToEnd: '日志已读到末尾，其中没有 OOM killer 的记录。',
    noneYet: '还没有 kill。',
    whenOneComes:
      '内核因内存耗尽而杀死进程时，一秒之内就会出现在这里：是谁、触及的是谁的限额、用了多少。可以在一个单独的 cgroup 里用一次真实的 kill 安全地试一试：',
    orDrop: '也可以把内核日志拖到或粘贴到本页面：dmesg、journalctl -k 或 syslog。',
  },

  takeAway: {
    copied: '这次 kill 已复制为 Markdown。',
    notCopied: '浏览器不允许本页面复制。',
    reading: (value, all) => `正在读取 kill：${count(value)}，共 ${count(all)}…`,
    saved: (value) => `已保存 ${kills(value)}。`,
    newest: (value, all) =>
      `已保存最新的 ${kills(value)}，共 ${count(all)} 次：全部可用 oomwatcher history --json 或 --csv 得到。`,
    forgotten: (value, all) =>
      `已保存 ${kills(value)}，共 ${count(all)} 次：其余的 journal 已不再保留。`,
    notSaved: (reason) => `没有保存：${reason}`,
    heads: {
      when: '时间',
      limit: '谁的限额',
      memory: '内存',
      was: '其中',
      process: '进程',
      place: '位置',
      often: '频率',
    },
    head: (name, words) => `**${name}：** ${words}`,
  },

  kill: killChinese,
  runUp: runUpChinese,
};
