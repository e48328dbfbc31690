import { english as explanation } from '@oomwatcher/explain';
import { Formats } from './formats.js';
import { killEnglish, runUpEnglish } from './kill-english.js';

// Everything that the page says beside the explanation of a kill, in one place a language.

const formats = new Formats('en-GB');
const { count } = formats;
const plural = (value: number, noun: string) => `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
const kills = (value: number) => plural(value, 'kill');

export const english = {
  /** As the address and the document name it. */
  code: 'en',
  htmlLanguage: 'en',
  /** What the switch to it says. */
  ownName: 'English',
  explanation,
  formats,
  sentence: (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`,

  /** What stands on the page itself: its elements name these. */
  page: {
    openFile: 'Explain a log file…',
    closeFile: 'Back to this node',
    openPaste: 'Paste a report…',
    file: 'Log file',
    accountTitle:
      'The kernel counts its kills itself (/proc/vmstat). Each of them is in this list, or it is said where it is.',
    factsTitle:
      'Lost: lines that the log wrote over before they were read. Forged: a program wrote the words of a kill into the log; such lines do not count.',
    timeline: 'Timeline',
    limitKey: 'a limit was hit',
    nodeKey: 'the node ran out',
    askedKey: 'asked for (sysrq-f)',
    ranges: 'Time shown',
    victims: 'Most killed',
    kills: 'Kills',
    list: 'Kills, newest first',
    saveJson: 'Save the kills shown as JSON',
    saveCsv: 'Save the kills shown as CSV',
    search: 'Search kills by process, pod, cgroup or pid',
    searched: 'Process, pod, cgroup, pid',
    paste: 'Paste a report of the kernel',
    pasteHint:
      'Its lines as dmesg, journalctl or a ticket has them. They are explained here; nothing leaves this page.',
    cancel: 'Cancel',
    explain: 'Explain',
    drop: 'Drop a log file: it is explained here, and nothing leaves this page.',
  },

  connection: {
    starting: 'connecting',
    live: 'live',
    lost: 'connection lost, trying again',
    file: 'a file; nothing leaves this page',
  },

  head: {
    reading: 'Reading the journal…',
    recording: 'A recorded log, not this node’s',
    replay: 'A captured log is replayed',
    sinceBoot: 'since boot',
    watching: 'watching the kernel log',
    readingLog: 'reading what the log holds',
    lostLines: (lines: number) => `${plural(lines, 'line')} of the log lost`,
    forged: (lines: number) => `${count(lines)} forged`,
    lastRecord: (ago: string) => `last record ${ago}`,
    inMemory: (reason: string) => `The journal is in memory only: ${reason}`,
    foot: (version: string, source: string, path: string | undefined) =>
      `oomWatcher ${version} · ${source} reader · journal ${path ?? 'in memory'}`,
    noKill: 'No kill on this node yet.',
    lostVictim: 'A process whose line was lost',
    justNow: 'just now',
    wasKilled: (name: string, ago: string) => `${name} was killed ${ago}.`,
    /** Above another kill. */
    newest: (sentence: string) => `Newest kill of this node: ${sentence}`,
    goesOn: 'It is still going on.',
    account: {
      uncounted: (here: number) =>
        `${kills(here)} here; this kernel keeps no count of its own to hold them against`,
      byKernel: (value: number) => `${kills(value)} by the kernel`,
      here: (value: number) => `${count(value)} here`,
      repeats: (value: number) => `${count(value)} that it counted twice`,
      before: (value: number) => `${count(value)} from before the first watch`,
      away: (value: number) => `${count(value)} while nobody watched`,
      unaccounted: (value: number) => `${count(value)} unaccounted`,
    },
  },

  file: {
    pasted: 'pasted text',
    reading: (name: string) => `Reading ${name}…`,
    kills: (value: number, name: string) => `${kills(value)} in ${name}.`,
    format: (format: string) => `${format} log`,
    lost: (value: number) => `${plural(value, 'record')} lost`,
    notUnderstood: (lines: number, first: number | undefined) =>
      `not understood: ${plural(lines, 'line')}${first === undefined ? '' : `, the first is line ${count(first)}`}`,
    sinceBoot: 'times are since boot',
    cut: 'there are more kills than a page can hold: use oomwatcher parse',
    noLog: (name: string) =>
      `${name} is no log that oomWatcher reads: give it dmesg, journalctl or syslog output`,
    foreign: (name: string, what: string, remedy: string) =>
      `${name} is ${what}, which is not read: ${remedy}`,
    zstd: (name: string) => `${name} is zstd, which browsers do not read: use \`oomwatcher parse\``,
    packed: (name: string) => `${name} is compressed by xz or bzip2, which is not read: unpack it`,
  },

  address: {
    ofNode: 'This address is of a kill of the node: go back to this node for it.',
    ofFile: (name: string) =>
      `This address is of a kill in the file ${name}, which the page does not keep: open the file again.`,
    notInJournal: (row: number) => `Kill ${row} is not in the journal of this node (any more).`,
    notInFile: (name: string, row: number) => `${name} has no kill ${row}.`,
  },

  announce: {
    one: (name: string | undefined, pid: number | undefined) =>
      `OOM kill: ${name ?? 'a process'}, process ${pid ?? 'unknown'}`,
    many: (value: number, name: string | undefined) =>
      `${count(value)} OOM kills, ${name ?? 'a process'} among them`,
  },

  ranges: {
    hour: ['1 h', 'the last hour'],
    day: ['24 h', 'the last 24 hours'],
    week: ['7 d', 'the last 7 days'],
    month: ['30 d', 'the last 30 days'],
    all: ['All', 'all of it'],
  } as Record<'hour' | 'day' | 'week' | 'month' | 'all', [label: string, spoken: string]>,
  range: (label: string, spoken: string) => `${label}: ${spoken}`,

  timeline: {
    bar: 'Bar of the timeline',
    whole: (value: number, from: string, to: string) => `${kills(value)} from ${from} to ${to}`,
    part: (value: number, from: string, to: string) => `${from} to ${to}: ${kills(value)}`,
    node: (value: number) => `, ${count(value)} because the node ran out`,
    asked: (value: number) => `, ${count(value)} asked for`,
  },

  close: {
    title: 'Close to their limit',
    used: (share: string, limit: string) => `${share} of ${limit}`,
    pageCache: (share: string) => `page cache ${share}`,
    atLimitIn: (us: number) => `at its limit in ${explanation.runUp.span(us)}`,
    killsToday: (value: number) => `${kills(value)} today`,
    separator: ', ',
  },

  victims: {
    pods: 'Pods',
    workloads: 'Workloads',
    limits: 'Whose limit',
    processes: 'Processes',
    onlyThese: ' kills: show only these',
    none: 'none',
    scope: (scope: string) => (scope === 'node' ? 'the node' : `a ${scope}`),
  },

  list: {
    columns: {
      name: 'name',
      scope: 'scope',
      namespace: 'namespace',
      pod: 'pod',
      container: 'container',
      cgroup: 'cgroup',
      workload: 'workload',
    },
    removeFilter: (column: string, value: string) => `Remove the filter ${column} ${value}`,
    part: (shown: number, all: number) => `${count(shown)} of ${count(all)}`,
    soFar: (words: string) => `${words} so far`,
    printed: (shown: number, all: number) =>
      `The newest ${count(shown)} of ${count(all)} kills are printed: save them as CSV for the others.`,
    lostVictim: 'a process whose line was lost',
    unknownCgroup: 'an unknown cgroup',
    nodeLimit: 'node out of memory',
    unknownLimit: 'limit unknown',
    scope: (scope: string) => scope,
    noMatch: 'No kill matches.',
    showAll: 'Show all kills',
    noneInFile: 'No kill in this file.',
    readToEnd: 'The log was read to its end and the OOM killer is not in it.',
    noneYet: 'No kill yet.',
    whenOneComes:
      'When the kernel kills a process because memory has run out, it appears here within a second: who, whose limit it was, and how much was used. Try it, safely, with one real kill in a cgroup of its own:',
    orDrop: 'Or drop a kernel log on this page, or paste it: dmesg, journalctl -k or syslog.',
  },

  takeAway: {
    copied: 'The kill is copied as Markdown.',
    notCopied: 'The browser did not let the page copy.',
    reading: (value: number, all: number) => `Reading ${count(value)} of ${count(all)} kills…`,
    saved: (value: number) => `${kills(value)} saved.`,
    newest: (value: number, all: number) =>
      `The newest ${count(value)} of ${count(all)} kills are saved: oomwatcher history --json or --csv has them all.`,
    forgotten: (value: number, all: number) =>
      `${count(value)} of ${count(all)} kills are saved: the journal has forgotten the others since.`,
    notSaved: (reason: string) => `The kills were not saved: ${reason}`,
    heads: {
      when: 'When',
      limit: 'Whose limit',
      memory: 'Memory',
      was: 'It was',
      process: 'The process',
      place: 'Where it ran',
      often: 'How often',
    },
    head: (name: string, words: string) => `**${name}:** ${words}`,
  },

  kill: killEnglish,
  runUp: runUpEnglish,
};

/** What each language has to say: a sentence that one of them lacks does not compile. */
export type PageWords = typeof english;
