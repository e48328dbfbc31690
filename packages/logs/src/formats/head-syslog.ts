import { type Cursor, space, startsWith } from './bytes.js';
import type { Head } from './head.js';
import type { LogFormat } from './log-line.js';
import { printkCaller, printkTime } from './printk-prefix.js';
import { isoDateTime, syslogDate } from './syslog-date.js';
import { bracketedPriority, namedPriority, word } from './syslog-priority.js';

const colon = 0x3a;
const dot = 0x2e;
const dash = 0x2d;
const openBracket = 0x5b;
const tabulator = 0x09;
const longestToken = 256;

/**
 * `date host tag[pid]: text`, as syslog daemons and journalctl -o short… write it. The dates: `Nov 23 16:00:00`,
 * ISO 8601, seconds since the epoch, `Mon 2026-11-23 16:00:00 UTC`.
 */
export function syslogHead(c: Cursor, head: Head): boolean {
  const start = c.at;
  octetCount(c);
  head.priority = bracketedPriority(c);
  if (head.priority >= 0 && c.literal('1 ')) return rfc5424(c, head);
  const journal = syslogDate(c, head);
  if (journal === undefined || !c.take(space)) {
    head.date.month = -1;
    return false;
  }
  c.takeSpaces();
  if (!hostAndTag(c, head)) return false;
  // journald has the kernel's time in a field and no prefix in the text; a syslog daemon writes the prefix as it is.
  const textAt = c.at;
  const stamped = head.sourceEnd === 0 && kernelPrefix(c, head);
  head.text = c.at;
  if (stamped || head.priority >= 0) {
    head.format = journal.startsWith('journal-short-iso') ? 'syslog-iso' : 'syslog-rfc3164';
  } else {
    head.format = journal;
    // logs-show.c print_multiline(): later lines of a message are indented to where the first began.
    head.indent = textAt - start;
  }
  head.escapes = onlyJournal.has(journal) ? 'none' : 'syslog';
  return true;
}

/** Dates that journalctl writes and no syslog daemon: what looks like an escape there is the text's own. */
const onlyJournal: ReadonlySet<LogFormat> = new Set(['journal-short-full', 'journal-short-unix']);

/** `138 ` before a priority: syslog over TCP (RFC 6587), written down as it came. */
function octetCount(c: Cursor): void {
  const start = c.at;
  if (c.number(5) < 0 || !c.take(space) || c.peek() !== 0x3c) c.at = start;
}

/** `[ 2187.067915] host tag: text`, journalctl -o short-monotonic. */
export function monotonicHead(c: Cursor, head: Head): boolean {
  const start = c.at;
  if (!printkTime(c, head) || !c.take(space) || !hostAndTag(c, head)) return false;
  head.format = 'journal-short-monotonic';
  head.text = c.at;
  head.indent = c.at - start;
  return true;
}

function kernelPrefix(c: Cursor, head: Head): boolean {
  if (!printkTime(c, head)) return false;
  printkCaller(c, head);
  c.take(space);
  return true;
}

/** `host tag[pid]: `; the host is missing after journalctl --no-hostname; busybox writes `kern.warn` before the tag. */
function hostAndTag(c: Cursor, head: Head): boolean {
  if (tag(c, head) || priorityAndTag(c, head)) return true;
  const host = c.at;
  // `[kernel] text` of metalog is no host.
  if (c.peek() === openBracket || !skipToken(c)) return false;
  head.hostStart = host;
  head.hostEnd = endOfToken(c, host);
  if (tag(c, head) || priorityAndTag(c, head)) return true;
  head.hostEnd = 0;
  return false;
}

function priorityAndTag(c: Cursor, head: Head): boolean {
  const start = c.at;
  const priority = dottedPriority(c);
  if (priority >= 0 && tag(c, head)) {
    // syslog(3) takes facility 0 for none: what klogd passes on is then written as the user's.
    head.priority = isUsers(priority) && isStamped(c, head) ? priority & 7 : priority;
    return true;
  }
  c.at = start;
  return false;
}

function isUsers(priority: number): boolean {
  return priority >> 3 === 1;
}

/** The kernel's own tag, and its own time. */
function isStamped(c: Cursor, head: Head): boolean {
  if (head.sourceEnd > 0) return false;
  const start = c.at;
  const stamped = printkTime(c, head);
  c.at = start;
  return stamped;
}

function endOfToken(c: Cursor, start: number): number {
  let end = start;
  while (end < c.end && !isBlank(c.bytes[end] as number)) end++;
  return end;
}

function isBlank(byte: number): boolean {
  return byte === space || byte === tabulator;
}

/** The kernel's own lines begin with these as others begin with a program's name. */
const ownWords = ['memory', 'memory+swap', 'swap', 'kmem', 'CPU', 'Mem-Info', 'oom_reaper'];
ownWords.push('oom_kill_process', 'oom-kill', 'Call Trace', 'RIP', 'Code', 'lowmemorykiller');

function isOwnWord(c: Cursor, start: number, end: number): boolean {
  return ownWords.some(
    (word) => word.length === end - start && startsWith(c.bytes, start, end, word),
  );
}

/** A tag, its colon and one space. The kernel's is `kernel` and has no pid; every other is the line's source. */
function tag(c: Cursor, head: Head): boolean {
  const start = c.at;
  let at = start;
  while (
    at < c.end &&
    c.bytes[at] !== tabulator &&
    c.bytes[at] !== colon &&
    c.bytes[at] !== space &&
    c.bytes[at] !== openBracket
  )
    at++;
  const tagEnd = at;
  let withPid = false;
  if (at < c.end && c.bytes[at] === openBracket) {
    c.at = at + 1;
    const close = c.find(0x5d, 16);
    c.at = start;
    if (close < 0) return false;
    // Some daemons write `kernel[0]`: process 0 is the kernel itself.
    withPid = !(close === at + 2 && c.bytes[at + 1] === 0x30);
    at = close + 1;
  }
  if (tagEnd === start || at >= c.end || c.bytes[at] !== colon) return false;
  // A colon inside a word is not the end of a tag (`host::1`), but rsyslog writes `kernel:[ 2187.067915]`.
  const after = c.bytes[at + 1];
  if (at + 1 < c.end && after !== space && after !== openBracket) return false;
  if (!withPid && isOwnWord(c, start, tagEnd)) return false;
  const ofKernel = !withPid && isKernelTag(c, tagEnd);
  if (!ofKernel) {
    head.sourceStart = start;
    head.sourceEnd = tagEnd;
  }
  c.at = at + 1;
  if (!c.take(space)) c.take(tabulator);
  // What forwards a syslog's lines may put its own tag before theirs.
  if (ofKernel) c.literal('kernel: ');
  return true;
}

/** `vmunix` is what klogd's of old wrote. */
function isKernelTag(c: Cursor, tagEnd: number): boolean {
  return (c.literal('kernel') || c.literal('vmunix')) && c.at === tagEnd;
}

function skipToken(c: Cursor): boolean {
  const start = c.at;
  while (c.at < c.end && c.at - start <= longestToken && !isBlank(c.peek())) c.at++;
  if (c.at === start || !isBlank(c.peek())) return false;
  while (isBlank(c.peek())) c.at++;
  return true;
}

/** `kern.warn `; -1 when there is none. */
function dottedPriority(c: Cursor): number {
  const facility = word(c);
  if (facility === undefined || !c.take(dot)) return -1;
  const level = word(c);
  if (level === undefined || !c.take(space)) return -1;
  return namedPriority(facility, level);
}

/** After `<3>1 `: time, host, application, process, message id, structured data, text. */
function rfc5424(c: Cursor, head: Head): boolean {
  if (isoDateTime(c, head) === undefined) {
    if (!c.take(dash)) return false;
  }
  if (!c.take(space)) return false;
  const host = c.at;
  if (!skipToken(c)) return false;
  if (c.bytes[host] !== dash) {
    head.hostStart = host;
    head.hostEnd = endOfToken(c, host);
  }
  const application = c.at;
  const applicationEnd = c.find(space, 64);
  if (applicationEnd < 0) return false;
  if (!c.literal('kernel') || c.at !== applicationEnd) {
    head.sourceStart = application;
    head.sourceEnd = applicationEnd;
  }
  c.at = applicationEnd + 1;
  if (!skipToken(c) || !skipToken(c) || !structuredData(c)) return false;
  c.take(space);
  c.literal('\xef\xbb\xbf');
  if (head.sourceEnd === 0) kernelPrefix(c, head);
  head.format = 'syslog-rfc5424';
  head.escapes = 'syslog';
  head.text = c.at;
  return true;
}

/** `-`, or `[id key="value"]` once or more; `"`, `\` and `]` in a value are escaped by a backslash. */
function structuredData(c: Cursor): boolean {
  if (c.take(dash)) return true;
  if (c.peek() !== openBracket) return false;
  while (c.take(openBracket)) {
    while (c.at < c.end && c.peek() !== 0x5d) c.at += c.peek() === 0x5c ? 2 : 1;
    if (!c.take(0x5d)) return false;
  }
  return true;
}
