import { invoked, wordsAt } from './kernel-words.js';
import type { LogLine } from './log-line.js';
import { stampsOf } from './stamps.js';
import { lineOfFields } from './structured-line.js';
import type { LineDates } from './wall-time.js';

/** Fields of a log shipper's record, by path; values are latin1, one character a byte. */
type Fields = ReadonlyMap<string, string>;

/** Where shippers put the line itself. */
const textNames = ['message', 'msg', 'log', 'line', 'text', '_raw', 'short_message', 'textpayload'];
textNames.push('full_message', 'event', 'body', 'content', 'payload', 'result._raw');
const hostNames = ['_hostname', 'hostname', 'host', 'host.name', 'node_name', 'nodename', 'node'];
hostNames.push('kubernetes.host', 'kubernetes.node_name', 'k8s.node.name', 'agent.hostname');
hostNames.push('beat.hostname', 'source_host', 'instance', 'instance_id', 'kubernetes.node.name');
const programNames = [
  'syslog_identifier',
  'appname',
  'app_name',
  'ident',
  'program',
  'process.name',
];
const timeNames = ['@timestamp', 'timestamp', 'time', 'ts', '_time', 'date', 'receivetimestamp'];

/** Reads a record that holds a line of a log as one of its fields. Remembers which field it was: not every line has words. */
export class DocumentLine {
  readonly #dates: LineDates;
  #textPath: string | undefined;

  constructor(dates: LineDates) {
    this.#dates = dates;
  }

  /** undefined: it holds none. */
  read(fields: Fields, seq: bigint): LogLine | undefined {
    const path = this.#pathOf(fields);
    if (path === undefined) return undefined;
    const nested = journalEntry(fields, path, seq);
    const line: LogLine = nested ?? { seq, text: fields.get(path)! };
    const host = textOf(fields, hostNames);
    if (line.host === undefined && host !== undefined) line.host = host;
    if (line.host !== undefined) line.stream = line.host;
    if (line.source === undefined) {
      const program = textOf(fields, programNames);
      if (program !== undefined && program !== 'kernel') line.source = program;
    }
    if (line.wallTimeUs === undefined) this.#time(line, textOf(fields, timeNames));
    return line;
  }

  #pathOf(fields: Fields): string | undefined {
    for (const [path, text] of fields) {
      if (text.includes(invoked) || wordsAt(text) >= 0) {
        this.#textPath = path;
        return path;
      }
    }
    if (this.#textPath !== undefined && fields.has(this.#textPath)) return this.#textPath;
    return pathOf(fields, textNames);
  }

  #time(line: LogLine, time: string | undefined): void {
    if (time === undefined) return;
    const epoch = /^(\d{10})(?:\.(\d{1,9})|(\d{3,9}))?$/.exec(time);
    if (epoch === null) {
      const { date } = stampsOf(time);
      if (date !== undefined) this.#dates.write(line, date);
      return;
    }
    const fraction = (epoch[2] ?? epoch[3] ?? '').padEnd(6, '0').slice(0, 6);
    line.wallTimeUs = Number(epoch[1]) * 1e6 + Number(fraction);
    line.dateUs = line.wallTimeUs;
    line.dateStepUs = 1;
  }
}

/** An entry of the journal within the record (Cloud Logging's jsonPayload). */
function journalEntry(fields: Fields, path: string, seq: bigint): LogLine | undefined {
  if (!path.endsWith('.MESSAGE')) return undefined;
  const within = path.slice(0, -'MESSAGE'.length);
  const own = [...fields]
    .filter(([name]) => name.startsWith(within))
    .map(([name, value]): [string, string] => [name.slice(within.length), value]);
  return lineOfFields(new Map(own), seq);
}

function textOf(fields: Fields, names: readonly string[]): string | undefined {
  const path = pathOf(fields, names);
  return path === undefined ? undefined : fields.get(path);
}

/** The field of one of these names, or one that ends with it. */
function pathOf(fields: Fields, names: readonly string[]): string | undefined {
  const lower = [...fields.keys()].map((path) => [path.toLowerCase(), path] as const);
  for (const name of names) {
    const exact = lower.find(([path]) => path === name);
    const nested = exact ?? lower.find(([path]) => path.endsWith(`.${name}`));
    if (nested !== undefined) return nested[1];
  }
  return undefined;
}
