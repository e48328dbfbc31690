import { afterEach, describe, expect, it, vi } from 'vitest';
import { builtAddon, needs, writableKernelLog } from '../../../test/support/needs.ts';
import {
  KmsgError,
  type LogEvent,
  type LogOptions,
  type LogRecord,
  type OpenOwnSource,
  openPortable,
  readLog,
} from '../src/index.js';
import { aloneOnTheLog, uniqueMarker, writeRecord } from './support/live.js';
import { type Answer, scriptedIo } from './support/scripted-io.js';

const record = (seq: number, text = `text ${seq}`) => `6,${seq},${seq * 10},-;${text}\n`;

async function eventsOf(options: LogOptions, until = Number.POSITIVE_INFINITY) {
  await using log = readLog(options);
  const events: LogEvent[] = [];
  for await (const event of log.events()) if (events.push(event) >= until) break;
  return { events, log };
}

/** Events as words. */
function said(events: readonly LogEvent[]): string[] {
  return events.map((event) =>
    event.kind === 'loss' ? `loss ${event.seq}+${event.lost}` : `${event.kind} ${event.seq}`,
  );
}

async function recordsOf(capture: string): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const each of readLog({ capture: Buffer.from(capture, 'latin1') })) records.push(each);
  return records;
}

/** A source of one's own, whose device gives these records and then nothing. */
function scripted(...answers: Answer[]): OpenOwnSource {
  return (wanted) => openPortable({ ...wanted, io: scriptedIo(answers).io });
}

describe('a record', () => {
  it('has number, time of the kernel, facility, level and text, and is JSON', async () => {
    const records = await recordsOf('30,7,1234567,-,caller=T42;hello\n');
    expect(records).toEqual([
      {
        seq: 7,
        monotonicUs: 1_234_567,
        priority: 30,
        facility: 3,
        level: 6,
        text: 'hello',
        caller: 'T42',
      },
    ]);
    expect(JSON.parse(JSON.stringify(records))).toEqual(records);
  });

  it('has the fields of drivers, whatever they are called', async () => {
    const [first] = await recordsOf(
      '6,1,2,-;usb 1-1: new device\n SUBSYSTEM=usb\n DEVICE=+usb:1-1\n __proto__=a\\x0ab\n EMPTY=\n no pair\n',
    );
    expect(Object.entries(first?.fields ?? {})).toEqual([
      ['SUBSYSTEM', 'usb'],
      ['DEVICE', '+usb:1-1'],
      ['__proto__', 'a\nb'],
      ['EMPTY', ''],
    ]);
    expect(Object.getPrototypeOf(first?.fields)).toBe(Object.prototype);
  });

  it('has its bytes as UTF-8, and those that are none visible', async () => {
    const records = await recordsOf(`${record(1, 't\\xc3\\xa4sk \\xff \\x1b[31m')}4,2,3,c;part\n`);
    expect(records.map(({ text, fragment }) => [text, fragment])).toEqual([
      ['täsk \\xff \u001b[31m', undefined],
      ['part', 'c'],
    ]);
  });
});

describe('the stream', () => {
  it('counts what is missing, where it is missing', async () => {
    const capture = Buffer.from(record(1) + record(5) + record(6));
    const { events, log } = await eventsOf({ capture });
    expect(said(events)).toEqual(['record 1', 'loss 2+3', 'record 5', 'record 6', 'watching 6']);
    expect(log.stats()).toEqual({ records: 3, lost: 3, read: 3, malformed: 0 });
    expect(log.cursor).toBeUndefined();
  });

  it('begins with what is new, or with the oldest record', async () => {
    const source = scripted(record(1), record(4));
    expect(said((await eventsOf({ source }, 1)).events)).toEqual(['watching 4']);
    const all = await eventsOf({ source: scripted(record(1), record(4)), from: 'boot' }, 4);
    expect(said(all.events)).toEqual(['record 1', 'loss 2+2', 'record 4', 'watching 4']);
  });

  it('goes on behind a cursor that was JSON, and says first what it missed', async () => {
    const { log } = await eventsOf({ source: scripted(record(1), record(2)), from: 'boot' }, 1);
    const cursor = JSON.parse(JSON.stringify(log.cursor));
    expect(cursor.seq).toBe('1');
    const there = await eventsOf({ source: scripted(record(1), record(2)), cursor }, 2);
    expect(said(there.events)).toEqual(['record 2', 'watching 2']);
    const gone = await eventsOf({ source: scripted(record(9)), cursor }, 3);
    expect(said(gone.events)).toEqual(['loss 2+7', 'record 9', 'watching 9']);
    expect(gone.log.stats().lost).toBe(7);
    const otherBoot = { ...cursor, bootId: 'another' };
    const rebooted = await eventsOf({ source: scripted(record(1)), cursor: otherBoot }, 2);
    expect(said(rebooted.events)).toEqual(['record 1', 'watching 1']);
  });

  it('gives nothing twice and leaves nothing out, wherever a reader stopped', async () => {
    const answers = () => [record(1), record(2), record(5), record(6)];
    for (let stop = 1; stop <= 5; stop++) {
      const { events, log } = await eventsOf(
        { source: scripted(...answers()), from: 'boot' },
        stop,
      );
      const cursor = log.cursor as { bootId: string; seq: bigint };
      const rest = await eventsOf({ source: scripted(...answers()), cursor }, 6 - stop);
      expect(said([...events, ...rest.events])).toEqual([
        'record 1',
        'record 2',
        'loss 3+2',
        'record 5',
        'record 6',
        'watching 6',
      ]);
    }
  });

  it('has one reader: a second loop is an error at once', async () => {
    await using log = readLog({ capture: Buffer.from(record(1)) });
    const first = log.events();
    expect(() => log.events()).toThrow(expect.objectContaining({ code: 'ERR_WATCHER_IN_USE' }));
    expect((await first.next()).value).toMatchObject({ kind: 'record' });
  });

  it('refuses a capture that is none, and an option that is misspelt', async () => {
    await expect(recordsOf('[   12.3] dmesg text\n')).rejects.toMatchObject({
      code: 'ERR_NO_CAPTURE',
    });
    for (const options of [{ from: 'start' }, { source: 'nativ' }, { cursor: {} }, 'boot']) {
      expect(() => readLog(options as LogOptions)).toThrow(KmsgError);
    }
  });

  it('ends by its signal, also while it waits', async () => {
    const ending = new AbortController();
    const log = readLog({ source: scripted(record(1)), signal: ending.signal });
    const events = log.events();
    expect((await events.next()).value).toMatchObject({ kind: 'watching' });
    const waiting = events.next();
    ending.abort();
    expect(await waiting).toMatchObject({ done: true });
  });
});

describe('a logger', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('is told of the source, of the past that is read, and of what was lost', async () => {
    const told: unknown[] = [];
    const logger = {
      info: (message: string, fields: object) => told.push(['info', message, fields]),
      warn: (message: string, fields: object) => told.push(['warn', message, fields]),
    };
    const source = scripted(record(1), record(4), record(9));
    await eventsOf({ source, from: 'boot', logger }, 6);
    expect(told).toEqual([
      ['info', expect.stringContaining('portable, opened by the program'), { source: 'portable' }],
      ['warn', expect.stringContaining('2 records'), { lost: 2 }],
      ['info', expect.stringContaining('has been read'), { seq: 9 }],
      // The second loss within 10 s is told at the end.
      ['warn', expect.stringContaining('4 records'), { lost: 4 }],
    ]);
  });

  it('that throws ends nothing, and is one warning of the process', async () => {
    const emit = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const warn = () => {
      throw new Error('full');
    };
    const { events } = await eventsOf(
      {
        source: scripted(record(1), record(4)),
        from: 'boot',
        logger: { warn, info: warn },
      },
      4,
    );
    expect(said(events)).toEqual(['record 1', 'loss 2+2', 'record 4', 'watching 4']);
    expect(emit).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('full'), {
      code: 'OOMWATCHER_LOGGER',
    });
  });
});

aloneOnTheLog();

needs(writableKernelLog).describe('of the real log', () => {
  const sources = ['portable', 'native'] as const;
  needs(builtAddon).describe('by either source', () => {
    it.each(sources)('%s gives a record that is written, with its time', async (source) => {
      await using log = readLog({ source });
      const marker = uniqueMarker();
      for await (const event of log.events()) {
        if (event.kind === 'watching') writeRecord(marker);
        if (event.kind !== 'record' || event.record.text !== marker) continue;
        const { time, facility, seq } = event.record;
        expect(Math.abs(Date.parse(time as string) - Date.now())).toBeLessThan(3_600_000);
        expect(facility).not.toBe(0);
        expect(log.cursor?.seq).toBe(BigInt(seq));
        break;
      }
    });
  });
});
