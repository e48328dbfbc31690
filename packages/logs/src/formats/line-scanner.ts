// Long, because the search for words, the window around them and the borders of records share one state over a block of
// bytes.

import { unescapeText } from '@oomwatcher/oom';
import {
  countNewlines,
  latin1,
  lineEnd,
  maxRecordBytes,
  newline,
  space,
  startsWith,
  trimCr,
} from './bytes.js';
import type { CutLine } from './cut-line.js';
import { DocumentLine } from './document-line.js';
import { Envelope } from './envelope.js';
import { guestText } from './guest-line.js';
import type { Head } from './head.js';
import { fullRecordBytes, joinPieces, kmsgRecordEnd } from './head-kmsg.js';
import { parseAll, parseObject } from './json-object.js';
import { brokenInvoked, invoked } from './kernel-words.js';
import { LineBefore } from './line-before.js';
import type { Look } from './line-breaks.js';
import { LineHead } from './line-head.js';
import { isKernelLine, type LogFormat, type LogLine } from './log-line.js';
import type { NewWordSearch, WordSearch } from './marker-search.js';
import type { PassOver } from './passing.js';
import { withoutQuote } from './quoting.js';
import { isBlank, isQuoteMark, lastRecord, lineStart, recordBoundary } from './record-borders.js';
import { recordText } from './record-text.js';
import { isName, jsonArrayForms, type Selection } from './selection.js';
import type { LogStats } from './stats.js';
import { formatOfFields, knownFields, lineOfFields } from './structured-line.js';
import { type ClockOptions, LineDates } from './wall-time.js';
import { streamMark } from './wrapper.js';

/** `[120B blob data]`, `[1.2K blob data]`. */
const blobMarkers = ['B blob data]', 'K blob data]', 'M blob data]'];
const blobText = /^\[[0-9.]+[BKM] blob data\]$/;
/** In a window, lines of syslog daemons and journalctl are the kernel's only if they have one of these. */
const kernelNames = ['vmunix:', 'kernel:', 'kernel[0]:', ' kernel ', '"kernel"'];
/** Lines that report lines that are missing: the console, journald, rsyslog. */
const lossMarkers = [' printk messages dropped ', ' kernel messages', ' messages lost due to '];
const podMark = `${String.fromCharCode(streamMark)}pod/`;
const dropped = /^\*\* (\d{1,9}) printk messages dropped \*\* ?/;
const openObject = 0x7b;
const recordSeparator = 0x1e;

/**
 * Reads every format that is made of lines. A line that is not wanted costs no more than the search for markers: it is
 * neither cut out nor looked at nor counted; a line is known by its offset. Only raw kmsg is read record by record, for
 * the sequence numbers.
 *
 * A record is a line and the lines after it that begin with a blank: journalctl and dmesg indent the later lines of a
 * text, /dev/kmsg writes ` KEY=value`. A block that is scanned holds whole records, so that a headline in a later line
 * (a process name may hold a newline) finds the record's beginning.
 */
export class LineScanner {
  format: LogFormat | undefined;

  readonly #selection: Selection;
  readonly #dates: LineDates;
  readonly #stats: LogStats;
  readonly #envelope: Envelope;
  readonly #documents: DocumentLine;
  readonly #parser: LineHead;
  readonly #search: WordSearch;
  readonly #kernelSearch: WordSearch;
  /** The open window began at a line of a format that names its sender. */
  #named = false;
  /** Markers that stand for a headline each; after them, those that do not. */
  readonly #headlineOf: readonly number[];
  /** The record that the next chunk may go on with. */
  readonly #carry = new Uint8Array(maxRecordBytes);
  #carryLength = 0;
  /** The rest of a line that is over the bound is passed over. */
  #dropping = false;

  #bytes: Uint8Array = new Uint8Array(0);
  #end = 0;
  /** The block ends within a line that is over the bound. */
  #cut = false;
  /** Where the log's bytes so far end, and where those of `#bytes` and of the carried record begin. */
  #pushed = 0;
  #base = 0;
  #carryBase = 0;
  /** Newlines are counted up to here, in windows only; `#line` numbers lines as far as windows need it. */
  #counted = 0;
  #line = 1;
  #blockStart = 0;
  readonly #before: LineBefore;
  /** Reads heads of lines beside the one that is looked at. */
  readonly #other = new LineHead(undefined);
  /** Programs' lines have lines of other kernels in them. */
  #hasGuests = false;
  /** What wraps the lines says whose they are. */
  #stream: string | undefined;
  #lastSeq = -1;
  #lostBefore = 0;
  #restarted = false;

  constructor(
    format: LogFormat | undefined,
    selection: Selection,
    clock: ClockOptions,
    stats: LogStats,
    search: NewWordSearch,
    deliver: (line: LogLine) => void,
    marked = false,
    look?: Look,
  ) {
    this.format = format;
    this.#selection = selection;
    this.#dates = new LineDates(clock);
    this.#before = new LineBefore(this.#dates);
    this.#stats = stats;
    const found = (line: LogLine) =>
      void this.#selection.wants(line.text, this.#line, true, line.stream);
    this.#envelope = new Envelope(this.#dates, stats, deliver, found, look);
    this.#documents = new DocumentLine(this.#dates);
    this.#parser = new LineHead(format);
    const headlines = selection.markers ?? [];
    const own = headlines.map((_, index) => index);
    const forms = format === 'journal-json' ? headlines.map(jsonArrayForms) : [];
    this.#headlineOf = [...own, ...forms.flatMap((pair, index) => pair.map(() => index))];
    this.#search = search([
      ...headlines,
      ...forms.flat(),
      ...blobMarkers,
      ...lossMarkers,
      ...(marked ? [podMark] : []),
    ]);
    this.#kernelSearch = search(kernelNames);
  }

  /** Whether there may be bytes that need not be pushed, but for the words in them. */
  get mayPass(): boolean {
    const { markers } = this.#selection;
    return markers !== undefined && this.format !== 'kmsg' && this.#search.readPast !== undefined;
  }

  /**
   * The search that finds what has to be pushed next, and the bytes that it begins with: they are no longer carried here.
   * undefined: all that comes next has to be pushed.
   */
  passOver(): PassOver | undefined {
    const { readPast } = this.#search;
    const begin = this.#pushed - this.#carryLength;
    const wantsNext =
      this.#stepping ||
      this.#dropping ||
      this.#selection.inWindow(this.#line) ||
      this.#envelope.goesOnAt >= begin;
    if (!this.mayPass || readPast === undefined || wantsNext) return undefined;
    const carried = this.#carry.slice(0, this.#carryLength);
    this.#carryLength = 0;
    this.#pushed = begin;
    return { carried, readPast: readPast.bind(this.#search) };
  }

  /** So many bytes were passed over: whole records. */
  passed(bytes: number): void {
    this.#pushed += bytes;
    if (bytes > 0) this.#before.forget();
  }

  stopPassing(): void {
    this.#search.stopReading?.();
  }

  push(chunk: Uint8Array): void {
    this.#take(chunk, this.#carryLength > 0 ? this.#complete(chunk) : 0);
    this.#pushed += chunk.length;
  }

  end(): void {
    const length = this.#carryLength;
    this.#carryLength = 0;
    this.#scan(this.#carry, 0, length, this.#carryBase);
    this.#envelope.end();
  }

  /** Adds what the carried record goes on with and scans it when it ends or is full; returns where that is. */
  #complete(chunk: Uint8Array): number {
    const boundary = recordBoundary(chunk, this.#carry[this.#carryLength - 1] === newline);
    const wanted = boundary < 0 ? chunk.length : boundary;
    const taken = Math.min(wanted, maxRecordBytes - this.#carryLength);
    this.#carry.set(chunk.subarray(0, taken), this.#carryLength);
    const length = this.#carryLength + taken;
    this.#carryLength = length;
    const full = taken < wanted;
    if (boundary >= 0 || full) {
      this.#carryLength = 0;
      this.#scan(this.#carry, 0, length, this.#carryBase, full);
      this.#dropping = full && this.#carry[length - 1] !== newline;
    }
    return taken;
  }

  /** Scans the whole records from `at` on and carries the rest. */
  #take(bytes: Uint8Array, start: number): void {
    let at = start;
    while (at < bytes.length) {
      if (this.#dropping) {
        const found = bytes.indexOf(newline, at);
        if (found < 0) return;
        this.#dropping = false;
        this.#line++;
        at = found + 1;
        continue;
      }
      const stop = lastRecord(bytes, at);
      if (stop > at) {
        this.#scan(bytes, at, stop, this.#pushed);
        at = stop;
      } else if (bytes.length - at <= maxRecordBytes) {
        this.#carry.set(bytes.subarray(at));
        this.#carryLength = bytes.length - at;
        this.#carryBase = this.#pushed + at;
        return;
      } else {
        this.#scan(bytes, at, at + maxRecordBytes, this.#pushed, true);
        at += maxRecordBytes;
        this.#dropping = bytes[at - 1] !== newline;
      }
    }
  }

  /** `base`: where in the log the bytes begin. */
  #scan(bytes: Uint8Array, start: number, end: number, base: number, cut = false): void {
    this.#bytes = bytes;
    this.#base = base;
    this.#end = end;
    this.#counted = start;
    this.#cut = cut;
    this.#search.reset(bytes, start, end);
    this.#kernelSearch.reset(bytes, start, end);
    this.#blockStart = start;
    for (let at = start; at < end; ) {
      if (!this.#stepping && base + at !== this.#envelope.goesOnAt) {
        const hit = this.#nextOfInterest(at);
        if (hit >= end) break;
        at = this.#recordStart(hit, at);
        this.#countTo(at);
      }
      at = this.#record(at);
    }
    this.#countTo(end);
    this.#before.remember(bytes, start, end);
  }

  /** Every line is to be looked at. */
  get #stepping(): boolean {
    return (
      this.#selection.markers === undefined ||
      this.format === 'kmsg' ||
      (!this.#named && this.#selection.inWindow(this.#line))
    );
  }

  #nextOfInterest(at: number): number {
    const hit = this.#search.nextFrom(at);
    if (!this.#selection.inWindow(this.#line)) return hit;
    return Math.min(hit, this.#kernelSearch.nextFrom(at));
  }

  #countTo(at: number): void {
    if (this.#selection.inWindow(this.#line)) {
      this.#line += countNewlines(this.#bytes, this.#counted, at);
    }
    this.#counted = at;
  }

  /** Where the record that holds `hit` begins; the line of `hit` when that is further back than a record is long. */
  #recordStart(hit: number, floor: number): number {
    const own = lineStart(this.#bytes, hit, floor);
    let at = own;
    while (at > floor && isBlank(this.#bytes[at])) {
      at = lineStart(this.#bytes, at - 1, floor);
      if (hit - at >= maxRecordBytes) return own;
    }
    return at;
  }

  /** Looks at the record that begins at `at` and returns where the next one begins. */
  #record(at: number): number {
    const bytes = this.#bytes;
    const stop = lineEnd(bytes, at, this.#end);
    const end = trimCr(bytes, at, Math.min(stop, at + maxRecordBytes));
    let start = at;
    // util-linux keeps records apart by NUL in the files of dmesg -K.
    while (start < end && (bytes[start] === 0 || bytes[start] === 0x0d)) start++;
    if (start === end) return this.#next(stop);
    if (bytes[start] === streamMark) return this.#streamOf(start, stop, end);
    start = this.#afterDropped(start, end);
    start = this.#afterEventName(start, end);
    if (start === end) return this.#next(stop);
    if (bytes[start] === openObject || bytes[start] === recordSeparator) {
      this.#object(at, start, end);
      return this.#next(stop);
    }
    if (this.#parser.parse(bytes, start, end)) return this.#parsed(at, start, stop, end);
    if (this.format === 'dmesg-t') return this.#bare(at, start, stop, end);
    return this.#unknown(at, start, stop, end);
  }

  /** A line of no known form. */
  #unknown(at: number, start: number, stop: number, end: number): number {
    const isBroken = startsWith(this.#bytes, this.#afterQuote(start, end), end, brokenInvoked);
    const hasHeadline = this.#opensWindow(
      start,
      end,
      isBroken ? this.#streamBefore(at) : undefined,
    );
    if (
      hasHeadline ||
      this.#selection.markers === undefined ||
      this.#selection.inWindow(this.#line) ||
      this.#base + at === this.#envelope.goesOnAt
    ) {
      const text = latin1(this.#bytes, start, Math.min(end, start + maxRecordBytes));
      const line: LogLine = { seq: BigInt(this.#base + start), text };
      if (this.#stream !== undefined) this.#addStream(line);
      const rejected = hasHeadline || this.#selection.markers === undefined;
      this.#give(line, 'unknown', at, stop, end - at, rejected);
    }
    return this.#next(stop);
  }

  /** The line has a headline; a window is opened for it, whoever wrote it: what is in it is looked at anyway. */
  #opensWindow(start: number, end: number, stream?: string): boolean {
    let found = false;
    for (let at = this.#search.nextFrom(start); at < end; at = this.#search.nextFrom(at + 1)) {
      const headline = this.#headlineOf[this.#search.found];
      if (headline === undefined) continue;
      found = true;
      this.#selection.open(headline, this.#line, stream);
      this.#named = false;
    }
    return found;
  }

  #give(
    line: LogLine,
    form: CutLine['form'],
    at: number,
    stop: number,
    length: number,
    hasHeadline: boolean,
  ): void {
    const cut: CutLine = {
      line,
      form,
      at: this.#base + at,
      length,
      next: this.#base + stop + 1,
      hasHeadline,
    };
    const isBegun =
      line.text.includes(invoked) || withoutQuote(line.text).startsWith(brokenInvoked);
    if (isBegun && this.#base + at !== this.#envelope.goesOnAt) {
      const before = this.#before.read(this.#bytes, this.#blockStart, at);
      if (before !== undefined) cut.before = before;
    }
    this.#envelope.take(cut);
  }

  /** Whose the line before is; undefined: no line of a known form. */
  #streamBefore(at: number): string | undefined {
    const before = this.#before.read(this.#bytes, this.#blockStart, at);
    return before && (before.stream ?? '');
  }

  #afterQuote(start: number, end: number): number {
    let at = start;
    while (at < end && isQuoteMark(this.#bytes[at])) at++;
    return at;
  }

  /** `** 3 printk messages dropped ** ` of a console that was too slow, alone or before a line. */
  #afterDropped(start: number, end: number): number {
    if (this.#bytes[start] !== 0x2a || this.#bytes[start + 1] !== 0x2a) return start;
    const match = dropped.exec(latin1(this.#bytes, start, Math.min(end, start + 64)));
    if (match === null) return start;
    this.#lose(Number(match[1]));
    return start + match[0].length;
  }

  #lose(count: number): void {
    this.#stats.lost += count;
    this.#lostBefore += count;
  }

  /** `data: {…}`, journalctl -o json-sse. */
  #afterEventName(start: number, end: number): number {
    if (this.#bytes[start] !== 0x64 || !startsWith(this.#bytes, start, end, 'data: {'))
      return start;
    return start + 6;
  }

  #streamOf(start: number, stop: number, end: number): number {
    this.#stream = latin1(this.#bytes, start + 1, end);
    return this.#next(stop);
  }

  #addStream(line: LogLine): void {
    line.stream = [this.#stream, line.host].filter((name) => name !== undefined).join(' ');
    line.host ??= this.#stream!;
  }

  /** Text without anything before it, in a log that has nothing else. */
  #bare(at: number, start: number, stop: number, end: number): number {
    const head = this.#parser.head;
    head.reset();
    head.format = 'dmesg-t';
    head.text = start;
    return this.#parsed(at, start, stop, end);
  }

  #parsed(at: number, start: number, stop: number, lineEnds: number): number {
    let end = lineEnds;
    const head = this.#parser.head;
    if (this.format === undefined || this.format === 'dmesg-t') this.format = head.format;
    if (head.format === 'kmsg') {
      this.#advance(head.seq);
      if (head.pieceAt === 0) return this.#pieces(head, at, start);
      end = this.#endOfFull(start, end);
    }
    const isFull = end < lineEnds;
    if (head.sourceEnd > 0 && this.#isGuests(head, start, end)) return this.#next(stop);
    const recordEnd = isFull ? end : this.#recordEnd(head, stop);
    const hadHeadline = this.#wants(head, start, Math.min(recordEnd, start + maxRecordBytes));
    if (hadHeadline !== undefined || this.#base + at === this.#envelope.goesOnAt) {
      const line = this.#lineOf(head, start, end, recordEnd);
      if (head.ofKernel && head.format.startsWith('journal-short') && blobText.test(line.text)) {
        this.#stats.withheld++;
      } else if (hadHeadline !== undefined) {
        if (this.#isCut(start, recordEnd)) this.#stats.truncated++;
        const form = head.format === 'dmesg-t' ? 'bare' : 'exact';
        this.#give(line, form, at, recordEnd, end - at, hadHeadline);
      }
    }
    if (isFull) return end;
    return recordEnd === stop ? this.#next(stop) : this.#nextAfterLines(recordEnd);
  }

  /**
   * A line of another kernel in a field of a program's line: Kata writes its guests' consoles so. Its own field may say
   * what it likes, but only of that guest.
   */
  #isGuests(head: Head, start: number, end: number): boolean {
    const isHit = this.#search.nextFrom(start) < end;
    const selection = this.#selection;
    if (!isHit && !(this.#hasGuests && selection.inWindow(this.#line))) return false;
    const text = latin1(this.#bytes, head.text, Math.min(end, head.text + maxRecordBytes));
    const content = guestText(text);
    if (content === undefined) return false;
    const { source, ...line } = this.#lineOf(head, start, end, end);
    const guest = [line.stream, source, 'guest'].filter((name) => name !== undefined).join(' ');
    const hasHeadline = this.#opensWindow(start, end);
    this.#hasGuests = true;
    this.#envelope.takeField({ ...line, text: content, host: guest, stream: guest }, hasHeadline);
    return true;
  }

  /** A record of netconsole that came in several packets. */
  #pieces(head: Head, at: number, start: number): number {
    const { raw, next } = joinPieces(this.#bytes, start, head.text, this.#end, head);
    const line = this.#lineOf(head, start, head.text, head.text);
    line.text = unescapeText(raw);
    if (this.#selection.wants(line.text, this.#line, head.ofKernel)) {
      this.#give(line, 'exact', at, next - 1, next - at, true);
    }
    this.#line++;
    return next;
  }

  /** Where a record ends that has no newline because it is as long as one can be: the next one begins there. */
  #endOfFull(start: number, end: number): number {
    if (end - start <= fullRecordBytes) return end;
    const next = start + fullRecordBytes;
    const isRecord =
      this.#other.parse(this.#bytes, next, end) && this.#other.head.format === 'kmsg';
    return isRecord ? next : end;
  }

  #recordEnd(head: Head, stop: number): number {
    if (head.format === 'kmsg') return kmsgRecordEnd(this.#bytes, stop, this.#end);
    let end = stop;
    while (head.indent > 0 && this.#continues(end + 1, head.indent)) {
      end = lineEnd(this.#bytes, end + 1, this.#end);
    }
    return end;
  }

  #continues(at: number, indent: number): boolean {
    if (at + indent > this.#end) return false;
    for (let i = 0; i < indent; i++) if (this.#bytes[at + i] !== space) return false;
    return true;
  }

  #hasHeadline(start: number, end: number): boolean {
    for (let at = this.#search.nextFrom(start); at < end; at = this.#search.nextFrom(at + 1)) {
      if (this.#search.found < this.#headlineOf.length) return true;
    }
    return false;
  }

  /** Whether the line has a headline, if it is wanted; undefined: it is not. */
  #wants(head: Head, start: number, end: number): boolean | undefined {
    const line = this.#line;
    const selection = this.#selection;
    const { ofKernel } = head;
    let wanted = selection.markers === undefined;
    let hasHeadline = false;
    // Whose a line of no known form is, the envelope will find.
    const isBare = head.format === 'dmesg-t';
    if (!wanted && ofKernel && selection.inWindow(line)) {
      wanted = isBare || selection.inWindow(line, this.#streamKey(head));
    }
    for (let at = this.#search.nextFrom(start); at < end; at = this.#search.nextFrom(at + 1)) {
      wanted = true;
      const headline = this.#headlineOf[this.#search.found];
      if (headline === undefined) continue;
      hasHeadline = true;
      if (ofKernel) {
        const next = at + selection.markers![headline]!.length;
        const ends = !isName(this.#bytes[next] ?? 0, this.#bytes[next + 1] ?? 0);
        selection.open(headline, line, isBare ? undefined : this.#streamKey(head), ends);
        this.#named = namesSender(head.format);
      }
    }
    return wanted ? hasHeadline : undefined;
  }

  #streamKey({ hostStart, hostEnd }: Head): string {
    const host = hostEnd > 0 ? latin1(this.#bytes, hostStart, hostEnd) : '';
    return this.#stream === undefined ? host : `${this.#stream} ${host}`;
  }

  #isCut(start: number, recordEnd: number): boolean {
    return recordEnd - start > maxRecordBytes || (this.#cut && recordEnd === this.#end);
  }

  /** The line that ends at `stop` is done; it is the one whose number is known. */
  #next(stop: number): number {
    if (stop === this.#end) return stop;
    this.#line++;
    this.#counted = stop + 1;
    return this.#counted;
  }

  #nextAfterLines(recordEnd: number): number {
    const next = Math.min(recordEnd + 1, this.#end);
    this.#countTo(next);
    return next;
  }

  #object(at: number, start: number, end: number): void {
    const isAll = this.#selection.markers === undefined;
    const headline = this.#hasHeadline(start, end);
    if (!isAll && !this.#selection.inWindow(this.#line) && !headline) return;
    const open = this.#bytes[start] === openObject ? start : start + 1;
    const fields = parseObject(this.#bytes, open, end, knownFields);
    const line = fields && lineOfFields(fields, BigInt(this.#base + start));
    if (line === undefined) {
      this.#document(at, open, end, headline);
      return;
    }
    if (this.format === undefined || this.format === 'dmesg-t')
      this.format = formatOfFields(fields!);
    if (this.#stream !== undefined) this.#addStream(line);
    if (!this.#selection.wants(line.text, this.#line, isKernelLine(line), line.stream)) return;
    this.#named = true;
    this.#give(line, 'exact', at, end, end - at, headline);
  }

  /** An object of a form that nobody named: a log shipper's record, or a piece of a document. */
  #document(at: number, start: number, end: number, headline: boolean): void {
    const fields = parseAll(this.#bytes, start, end, true);
    const line = fields && this.#documents.read(fields, BigInt(this.#base + start));
    if (line === undefined) {
      this.#unknown(at, start, end, end);
      return;
    }
    this.format ??= 'json';
    if (this.format === 'dmesg-t') this.format = 'json';
    if (this.#stream !== undefined) this.#addStream(line);
    if (headline) this.#opensWindow(start, end);
    this.#envelope.takeField(line, headline || this.#selection.markers === undefined);
  }

  /** Raw kmsg numbers its records without a gap: a gap is a loss. */
  #advance(seq: number): void {
    if (this.#lastSeq >= 0 && seq <= this.#lastSeq) {
      this.#restarted = true;
      this.#lostBefore = 0;
    } else if (this.#lastSeq >= 0) {
      const lost = seq - this.#lastSeq - 1;
      this.#stats.lost += lost;
      this.#lostBefore += lost;
    }
    this.#lastSeq = seq;
  }

  #lineOf(head: Head, start: number, end: number, recordEnd: number): LogLine {
    const bytes = this.#bytes;
    const line: LogLine = {
      seq: BigInt(head.format === 'kmsg' ? head.seq : this.#base + start),
      text: recordText(bytes, head, end, recordEnd),
    };
    if (head.timestampUs >= 0) line.timestampUs = head.timestampUs;
    if (head.priority >= 0) line.priority = head.priority;
    if (head.flag >= 0) line.flag = String.fromCharCode(head.flag);
    if (head.callerEnd > 0) line.caller = latin1(bytes, head.callerStart, head.callerEnd);
    if (head.sourceEnd > 0) line.source = latin1(bytes, head.sourceStart, head.sourceEnd);
    if (head.hostEnd > 0) {
      line.host = latin1(bytes, head.hostStart, head.hostEnd);
      line.stream = line.host;
    }
    if (this.#stream !== undefined) this.#addStream(line);
    if (head.date.month !== -1) this.#dates.write(line, head.date);
    if (this.#lostBefore > 0) line.lostBefore = this.#lostBefore;
    if (this.#restarted) line.restarted = true;
    this.#lostBefore = 0;
    this.#restarted = false;
    return line;
  }
}

function namesSender(format: LogFormat): boolean {
  return format.startsWith('journal') || format.startsWith('syslog');
}
