import { Base64Decoder, isBase64 } from './base64.js';
import { concat, latin1, lineEnd, newline, trimCr } from './bytes.js';
import { endsWithReturns, ReturnTranslator } from './carriage-returns.js';
import { genreOf } from './genre.js';
import { HardBlanks, hasHardBlanks } from './hard-blanks.js';
import { breaksOf, type Look } from './line-breaks.js';
import { LineHead } from './line-head.js';
import type { LogFormat } from './log-line.js';
import { isMail, MailDecoder } from './mail.js';
import { isOctetCounted, OctetFrames } from './octet-counted.js';
import { ArrayBreaker, isOneLineJson } from './one-line-json.js';
import { isQuotedPrintable, QuotedPrintableDecoder } from './quoted-printable.js';
import { isPage } from './quoting.js';
import { joiningOf, Rejoiner } from './rejoin.js';
import { Uncolourer } from './uncolour.js';
import { commonIndent, Undenter } from './undenter.js';
import { isGlued, Unglue } from './unglue.js';
import { MarkRemover, Utf16Decoder, utf16Of } from './utf16.js';
import { prefixOf, streamMark, Unwrapper, type Wrapping } from './wrapper.js';

/** A log is recognised by its first lines: so many lines, or so many bytes when they are long. */
export const sampleLines = 32;
export const sampleBytes = 64 * 1024;

export interface Recognition {
  /** undefined: no line is of a known format, and the sample is not plain text. */
  format: LogFormat | undefined;
  /** How the log is cut: into lines, into the objects of a JSON document, into a journal export's entries. */
  shape: 'lines' | 'objects' | 'export';
  /** What the bytes go through first, in this order. */
  layers: Layer[];
  /** Lines stand between others that say whose lines follow. */
  marked: boolean;
  look: Look;
}

/** Takes something off a stream of bytes. A result is valid until the next call. */
export interface Layer {
  push(chunk: Uint8Array): Uint8Array;
  end(): Uint8Array;
}

/** Where the sample ends in the log's first bytes; -1 when more are needed. */
export function sampleEnd(bytes: Uint8Array): number {
  // A mail's head may be longer than that.
  const most = isMail(latin1(bytes, 0, Math.min(bytes.length, 256)))
    ? Number.POSITIVE_INFINITY
    : sampleLines;
  let at = 0;
  for (let line = 0; line < most && at <= sampleBytes; line++) {
    const found = bytes.indexOf(newline, at);
    if (found < 0) return bytes.length >= sampleBytes ? sampleBytes : -1;
    at = found + 1;
  }
  return Math.min(at, sampleBytes);
}

export function recognise(sample: Uint8Array): Recognition {
  const layers: Layer[] = [];
  let plain = sample;
  /** `layer` makes the same of the sample as of the log, which it has not seen yet. */
  const through = (layer: () => Layer) => {
    layers.push(layer());
    const own = layer();
    plain = concat(own.push(plain), own.end());
  };
  const order = utf16Of(sample);
  if (order !== undefined) through(() => new Utf16Decoder(order));
  if (plain[0] === 0xef && plain[1] === 0xbb) through(() => new MarkRemover());
  const text = () => latin1(plain, 0, plain.length);
  if (isMail(text())) through(() => new MailDecoder());
  else if (isQuotedPrintable(text())) through(() => new QuotedPrintableDecoder());
  else if (isBase64(plain)) through(() => new Base64Decoder());
  if (endsWithReturns(plain)) through(() => new ReturnTranslator());
  if (isOctetCounted(plain)) through(() => new OctetFrames());
  if (hasHardBlanks(text())) through(() => new HardBlanks());
  if (isOneLineJson(plain)) through(() => new ArrayBreaker());
  else if (isGlued(text())) through(() => new Unglue());
  const indent = commonIndent(rawLines(plain));
  if (indent > 0) through(() => new Undenter(indent));
  const joining = joiningOf(textsOf(plain));
  if (joining !== undefined) through(() => new Rejoiner(joining));
  const wrapping = wrappingOf(plain);
  if (wrapping !== undefined) through(() => new Unwrapper(wrapping));
  if (wrapping?.prefixed) plain = withoutMarks(plain);
  if (latin1(plain, 0, plain.length).includes('\x1b[')) through(() => new Uncolourer());
  const votes = new Map<Vote, number>();
  const withoutHead: string[] = [];
  for (const [start, end] of linesOf(plain)) {
    const vote = voteOf(plain, start, end);
    if (vote !== undefined) votes.set(vote, (votes.get(vote) ?? 0) + 1);
    else withoutHead.push(latin1(plain, start, end));
  }
  const voted = maxVoted(votes);
  const monotonic = voted === 'dmesg' && isMonotonic(plain, votes.get(voted)!);
  const winner = monotonic ? 'journal-short-monotonic' : voted;
  const lines = textsOf(plain);
  return {
    ...meaning(winner, plain),
    layers,
    marked: wrapping?.prefixed ?? false,
    look: {
      breaks: breaksOf(lines),
      isPage: isPage(latin1(plain, 0, plain.length)),
      genre: genreOf(withoutHead),
    },
  };
}

function withoutMarks(bytes: Uint8Array): Uint8Array {
  let lines: Uint8Array = new Uint8Array(0);
  for (const [start, end] of linesOf(bytes)) {
    if (bytes[start] !== streamMark) lines = concat(lines, bytes.subarray(start, end + 1));
  }
  return lines;
}

function* rawLines(bytes: Uint8Array): Generator<[Uint8Array, number, number]> {
  for (const [start, end] of linesOf(bytes)) yield [bytes, start, end];
}

/** A line's format; `json-pretty`: a piece of a journal entry on lines of its own. */
type Vote = LogFormat | 'json-pretty';

function meaning(
  winner: Vote | undefined,
  sample: Uint8Array,
): Pick<Recognition, 'format' | 'shape'> {
  if (winner === 'json-pretty') return { format: 'journal-json', shape: 'objects' };
  if (winner === 'dmesg-json') {
    const named = latin1(sample, 0, sample.length).includes('"fac"');
    return { format: named ? 'dmesg-x-json' : 'dmesg-json', shape: 'objects' };
  }
  if (winner === 'journal-export') return { format: winner, shape: 'export' };
  if (winner !== undefined) return { format: winner, shape: 'lines' };
  return { format: isText(sample) ? 'dmesg-t' : undefined, shape: 'lines' };
}

const dmesgJson = /^\s*(\{?\s*"dmesg"\s*:|"(pri|time|msg|fac|caller)"\s*:)/;
const journalJson = /^(?:\x1e|data: )?\{.*"(__REALTIME_TIMESTAMP|__CURSOR|MESSAGE|_TRANSPORT)"\s*:/;
const journalPretty = /^\s*"(__[A-Z_]+|_[A-Z_]+|MESSAGE|PRIORITY|SYSLOG_[A-Z]+)"\s*:/;
const journalExport = /^(__CURSOR|__REALTIME_TIMESTAMP|__MONOTONIC_TIMESTAMP|_BOOT_ID|MESSAGE)=/;

function voteOf(bytes: Uint8Array, start: number, end: number): Vote | undefined {
  const parser = new LineHead(undefined);
  if (parser.parse(bytes, start, end)) return parser.head.format;
  const line = latin1(bytes, start, end);
  if (journalJson.test(line)) return 'journal-json';
  if (dmesgJson.test(line)) return 'dmesg-json';
  if (journalPretty.test(line)) return 'json-pretty';
  return journalExport.test(line) ? 'journal-export' : undefined;
}

function maxVoted(votes: ReadonlyMap<Vote, number>): Vote | undefined {
  let winner: Vote | undefined;
  for (const [vote, count] of votes) {
    if (winner === undefined || count > votes.get(winner)!) winner = vote;
  }
  return winner;
}

const monotonicLine = /^\[ *\d+\.\d{6}(?: <[^>]*>)?\] (\S+) (\S+?)(\[\d+\])?: /;

/**
 * dmesg's lines begin with all kinds of words; journalctl's all with the host's name, and some go on with `kernel:`,
 * `unknown:` or a tag with a pid.
 */
function isMonotonic(bytes: Uint8Array, candidates: number): boolean {
  const hosts = new Map<string, number>();
  let tagged = false;
  let ofKernel = 0;
  for (const [start, end] of linesOf(bytes)) {
    const match = latin1(bytes, start, end).match(monotonicLine);
    if (match === null) continue;
    hosts.set(match[1]!, (hosts.get(match[1]!) ?? 0) + 1);
    if (match[2] === 'kernel') ofKernel++;
    tagged ||= match[2] === 'kernel' || match[2] === 'unknown' || match[3] !== undefined;
  }
  if (hosts.size === 1) return tagged && [...hosts.values()][0]! * 2 > candidates;
  // Of several machines all lines must be the kernel's: dmesg's own begin with all kinds of words.
  return ofKernel * 2 > candidates;
}

/** Text without control bytes: all that is asked of a log that has no form at all. */
function isText(bytes: Uint8Array): boolean {
  return (
    bytes.length > 0 && !/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(latin1(bytes, 0, bytes.length))
  );
}

/** Most lines have the prefix, and it is not the line's own: it is certain, or a known format begins after it. */
function wrappingOf(sample: Uint8Array): Wrapping | undefined {
  let lines = 0;
  let stamped = 0;
  let prefixed = 0;
  for (const [start, end] of linesOf(sample)) {
    lines++;
    const prefix = prefixOf(sample, start, end);
    if (prefix.wrapping.prefixed) prefixed++;
    const wraps = prefix.certain || voteOf(sample, prefix.end, end) !== undefined;
    if (prefix.wrapping.stamped && wraps) stamped++;
  }
  const wrapping = { stamped: stamped * 2 > lines, prefixed: prefixed * 2 > lines };
  return wrapping.stamped || wrapping.prefixed ? wrapping : undefined;
}

function textsOf(bytes: Uint8Array): string[] {
  return [...linesOf(bytes)].map(([start, end]) => latin1(bytes, start, end));
}

/** Lines that are not empty. */
function* linesOf(bytes: Uint8Array): Generator<[number, number]> {
  for (let start = 0; start < bytes.length; ) {
    const stop = lineEnd(bytes, start, bytes.length);
    const end = trimCr(bytes, start, stop);
    if (end > start) yield [start, end];
    start = stop + 1;
  }
}
