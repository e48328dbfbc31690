import {
  CapturedLog,
  compressionOf,
  foreignFileOf,
  foreignMarkBytes,
  LineNumber,
} from '@oomwatcher/logs';
import type { Kill, OomEvent, RawReport } from '@oomwatcher/oom';
import { wholeReport } from '@oomwatcher/oom';
import { killIndex, shownOf } from '../api/kill-index.js';
import { KillTable } from './kill-table.js';
import { words } from './language/language.js';

/** A captured log, understood in the browser. */
export interface ExplainedFile {
  name: string;
  format: string;
  table: KillTable;
  /** By row, from 1 on, in the order of the log. */
  kills: readonly Kill[];
  /** The lines that report a kill; undefined where there were too many kills to keep theirs. */
  report: (kill: Kill) => RawReport | undefined;
  forged: number;
  lost: number;
  /** Lines in the OOM killer's words from which nothing could be read. */
  notUnderstood: number;
  /** The number of the first of them, from 1; undefined: there is none, or it is a raw record, which has its own. */
  notUnderstoodLine: number | undefined;
  /** No record has the date: times are since boot. */
  sinceBoot: boolean;
  /** There were more kills than a page can hold. */
  cut: boolean;
}

export interface FileBounds {
  /** Of the kernel's lines that are kept, together: the file itself is there to be searched. Default 32 Mi. */
  maxReportCharacters?: number;
}

const chunkBytes = 256 * 1024;
const maxKills = 200_000;

/**
 * Reads a log file with the parser of `oomwatcher parse`. The page stays usable meanwhile, and nothing is sent anywhere.
 * @throws Error with one sentence for the reader
 */
export async function explainFile(
  file: File,
  progress: (share: number) => void,
  { maxReportCharacters = 32 * 1024 * 1024 }: FileBounds = {},
): Promise<ExplainedFile> {
  const log = new CapturedLog('capture', {
    writtenUs: file.lastModified * 1000,
    keepsReports: true,
  });
  const kills: Kill[] = [];
  const reports = new Map<string, RawReport>();
  let reportCharacters = 0;
  const take = (events: readonly OomEvent[]) => {
    for (const event of events) {
      if (event.kind !== 'kill') continue;
      kills.push(event.kill);
      if (event.report === undefined || reportCharacters >= maxReportCharacters) continue;
      for (const line of event.report.lines) reportCharacters += line.length;
      reports.set(event.kill.id, event.report);
    }
  };
  let bytes = 0;
  for await (const chunk of chunksOf(await decompressed(file))) {
    take(log.push(chunk));
    bytes += chunk.length;
    progress(Math.min(1, bytes / file.size));
    if (kills.length > maxKills) break;
    await pause();
  }
  take(log.end());
  const { format } = log;
  if (format === undefined || !log.isLog) {
    throw new Error(words().file.noLog(file.name));
  }
  const cut = kills.length > maxKills;
  if (cut) kills.length = maxKills;
  const sinceBoot = kills.every(({ time }) => time === undefined);
  const { forged, lost, notUnderstood, notUnderstoodAt } = log.stats;
  const notUnderstoodLine =
    notUnderstoodAt === undefined || format === 'kmsg'
      ? undefined
      : await lineAt(file, notUnderstoodAt);
  const table = tableOf(kills, file.lastModified);
  const report = (kill: Kill) => wholeReport(kill, (id) => reports.get(id));
  return {
    name: file.name,
    format,
    table,
    kills,
    report,
    forged,
    lost,
    notUnderstood,
    notUnderstoodLine,
    sinceBoot,
    cut,
  };
}

/** Lines are counted up to this one only. */
async function lineAt(file: File, offset: number): Promise<number> {
  const number = new LineNumber(offset);
  for await (const chunk of chunksOf(await decompressed(file))) {
    const line = number.push(chunk);
    if (line !== undefined) return line;
    await pause();
  }
  return number.end();
}

function tableOf(kills: readonly Kill[], writtenMs: number): KillTable {
  const table = new KillTable();
  const rows = kills.map((kill, i) =>
    shownOf({
      row: i + 1,
      kill,
      recordedMs: kill.monotonicUs === undefined ? writtenMs : kill.monotonicUs / 1000,
      historic: false,
    }),
  );
  table.addLive(killIndex(rows));
  return table;
}

async function decompressed(file: File): Promise<ReadableStream<Uint8Array>> {
  const head = new Uint8Array(await file.slice(0, foreignMarkBytes).arrayBuffer());
  const foreign = foreignFileOf(head);
  if (foreign !== undefined) {
    throw new Error(words().file.foreign(file.name, foreign.what, foreign.remedy));
  }
  switch (compressionOf(head)) {
    case 'gzip':
      return file.stream().pipeThrough(new DecompressionStream('gzip'));
    case 'zstd':
      throw new Error(words().file.zstd(file.name));
    case 'xz':
    case 'bzip2':
      throw new Error(words().file.packed(file.name));
    default:
      return file.stream();
  }
}

async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    for (let at = 0; at < value.length; at += chunkBytes) {
      yield value.subarray(at, at + chunkBytes);
    }
  }
}

/** Lets the page draw and listen. */
function pause(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve);
  return promise;
}
