import { printable } from '@oomwatcher/explain';
import { CapturedLog, InputError, LineNumber, type NewWordSearch } from '@oomwatcher/logs';
import { LogFile } from '@oomwatcher/logs/file';
import type { OomEvent } from '@oomwatcher/oom';
import { reportEvent } from '../../output/event-reporter.js';
import { Progress } from '../../output/progress.js';
import type { Reporter } from '../../output/reporter.js';
import { standardOutput } from '../../output/standard-output.js';

export interface ParseOptions {
  /** Minutes east of Greenwich of times in the log that name no zone. */
  utcOffsetMinutes?: number;
}

/** `oomwatcher parse`: explains captured logs of any format, one file after another. */
export async function parseCommand(
  names: readonly string[],
  options: ParseOptions,
  reporter: Reporter,
): Promise<void> {
  for (const [index, name] of names.entries()) {
    const file = await LogFile.open(name);
    await parseFile(file, index, options, reporter);
  }
}

async function parseFile(
  file: LogFile,
  index: number,
  { utcOffsetMinutes }: ParseOptions,
  reporter: Reporter,
): Promise<void> {
  const search = await searchFor(file);
  const log = new CapturedLog(index === 0 ? 'capture' : `capture${index + 1}`, {
    ...(file.writtenUs !== undefined && { writtenUs: file.writtenUs }),
    ...(utcOffsetMinutes !== undefined && { utcOffsetMinutes }),
    ...(search !== undefined && { search }),
  });
  const progress = new Progress(printable(file.name), file.sizeBytes, process.stderr);
  let kills = 0;
  let lacksZone = false;
  let length = 0;
  const report = (events: OomEvent[]) => {
    if (events.length > 0) progress.clear();
    for (const event of events) {
      if (event.kind === 'kill') {
        kills++;
        if (event.kill.localTime !== undefined) lacksZone = true;
      }
      reportEvent(event, reporter);
    }
  };
  try {
    for await (const chunk of file.chunks(log)) {
      length += chunk.length;
      report(log.push(chunk));
      await standardOutput.drained();
      if (standardOutput.closed) return;
      progress.update(file.bytesRead);
    }
    report(log.end());
  } finally {
    progress.clear();
  }
  if (length === 0 && file.bytesRead > 0) {
    throw new InputError(`${file.name} is compressed and has nothing in it: copy the file again`);
  }
  if (length > 0 && !log.isLog) {
    const what = log.format === undefined ? 'binary data' : 'text';
    throw new InputError(
      `${file.name} is ${what} without a line that oomwatcher reads: give it dmesg, journalctl or syslog output`,
    );
  }
  if (lacksZone && utcOffsetMinutes === undefined)
    reporter.notice({ kind: 'zone', format: log.format ?? 'the log' });
  await summarize(file, log, kills, reporter);
}

/** Below it the addon takes longer to load than it saves. */
const smallBytes = 16 * 1024 * 1024;

async function searchFor({ sizeBytes }: LogFile): Promise<NewWordSearch | undefined> {
  if (sizeBytes !== undefined && sizeBytes < smallBytes) return undefined;
  const { nativeWordSearch } = await import('@oomwatcher/kmsg');
  return nativeWordSearch();
}

async function summarize(
  file: LogFile,
  log: CapturedLog,
  kills: number,
  reporter: Reporter,
): Promise<void> {
  const { format = 'nothing readable' } = log;
  if (kills > 0 && !log.tellsForgeries) reporter.notice({ kind: 'priorities', format });
  const { notUnderstoodAt, ...stats } = log.stats;
  const firstLine =
    notUnderstoodAt === undefined ? undefined : await lineAt(file, notUnderstoodAt, format);
  reporter.notice({
    kind: 'summary',
    file: file.name,
    format,
    kills,
    ...stats,
    ...(firstLine !== undefined && { notUnderstoodLine: firstLine }),
  });
}

/** undefined: a pipe cannot be read again, and raw records have numbers of their own. */
async function lineAt(file: LogFile, offset: number, format: string): Promise<number | undefined> {
  if (file.sizeBytes === undefined || format === 'kmsg') return undefined;
  const again = await LogFile.open(file.name);
  const number = new LineNumber(offset);
  for await (const chunk of again.chunks()) {
    const line = number.push(chunk);
    if (line !== undefined) return line;
  }
  return number.end();
}
