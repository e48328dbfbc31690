import type { Results } from '../results.ts';
import type { Floods } from '../suites/flood.ts';
import type { Latency } from '../suites/latency.ts';
import { table } from './table.ts';
import { witnessTable } from './witness-table.ts';

/** The results as Markdown tables. */
export function tables({
  ring,
  syslog,
  taskTable,
  storm,
  latency,
  idle,
  flood,
  day,
  witness,
}: Results): string {
  return [
    ...ring.flatMap(({ content, records, rounds, contenders }) => [
      `### The kernel's ring, ${records} ${content === 'OOM reports' ? 'records of OOM reports' : content}`,
      '',
      table(
        [
          'reader',
          'ns a record',
          'rate against the bare loop',
          'the same in processor time',
          'kills found',
        ],
        contenders.map(({ name, nsPerRecord, rate, cpuRate, kills }) => [
          name,
          nsPerRecord.toFixed(0),
          `${rate.median.toFixed(2)} (${rate.low.toFixed(2)} to ${rate.high.toFixed(2)})`,
          cpuRate.median.toFixed(2),
          name === 'bare C loop' ? '' : String(kills),
        ]),
      ),
      '',
      `Medians of ${rounds} rounds in turns (the stream: fewer), 95 % confidence intervals in brackets.`,
      '',
    ]),
    `### A syslog file of ${(syslog.bytes / 1024 ** 3).toFixed(2)} GiB with ${syslog.reports} OOM reports`,
    '',
    table(
      ['parser', 'MiB/s', 'peak memory, MiB', 'found', "takes, of ours' time"],
      syslog.contenders.map(({ name, mibPerSecond, peakMiB, found, timesOurs }) => [
        name,
        mibPerSecond.toFixed(0),
        peakMiB.toFixed(0),
        String(found),
        timesOurs.toFixed(2),
      ]),
    ),
    '',
    '### Real storms',
    '',
    table(
      [
        'storm',
        'kills',
        'reports that the kernel printed',
        'reported',
        'right cgroup',
        'wrong cgroup',
        'records that the log lost',
        'unaccounted',
      ],
      storm.map((one) => [
        one.what,
        String(one.kills),
        String(one.reports),
        String(one.reported),
        String(one.rightCgroup),
        String(one.wrongCgroup),
        String(one.lost),
        String(one.unaccounted),
      ]),
    ),
    '',
    ...(witness === undefined
      ? []
      : ['### A witness in the kernel', '', witnessTable(witness), '']),
    '### Other figures',
    '',
    table(
      ['what', 'figure'],
      [
        [
          `one report with a task table of ${taskTable.rows} processes`,
          `${taskTable.oursMs.toFixed(1)} ms; four regular expressions on every line take ` +
            `${taskTable.timesOurs.toFixed(2)} of that`,
        ],
        [
          `kill to JSON line, ${latency.asIs.kills} kills one after another`,
          milliseconds(latency.asIs),
        ],
        ['the same, the kernel printing to no console', milliseconds(latency.quietConsole)],
        [
          `idle, over ${idle.seconds} s`,
          `${(idle.cpu * 100).toFixed(3)} % of a core, ${idle.residentMiB.toFixed(0)} MiB resident`,
        ],
        ...(flood === undefined ? [] : floodRows(flood)),
        [
          `${day.kills} replayed kills through the watcher`,
          `${day.given} given out in ${day.seconds.toFixed(0)} s; resident memory of the tenths ` +
            `${day.tenthsMiB.map((mib) => mib.toFixed(0)).join(', ')} MiB: the last is ` +
            `${(day.growth * 100).toFixed(1)} % above the second`,
        ],
      ],
    ),
  ].join('\n');
}

function floodRows({ healthz, peakMiB }: Floods): string[][] {
  return [
    ...healthz.map(({ what, asked, medianMs, maxMs }) => [
      `/healthz during a flood of the port: ${what}`,
      `asked ${asked} times, median ${medianMs.toFixed(0)} ms, most ${maxMs.toFixed(0)} ms`,
    ]),
    ['the most resident memory in these floods', `${peakMiB.toFixed(0)} MiB`],
  ];
}

function milliseconds({ p50Ms, p99Ms, maxMs }: Latency): string {
  return `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, most ${maxMs.toFixed(1)} ms`;
}
