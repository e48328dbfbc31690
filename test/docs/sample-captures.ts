import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { root } from '../support/paths.ts';

export const sampleCapturesPath = 'packages/oom/src/testing/captures.ts';

interface Sample {
  name: string;
  /** Of packages/oom/test/fixtures: what a real kernel printed. */
  capture: string;
  what: string;
  /** Which of its kill lines ends the part that is taken (default: its last record does), and after which one it begins. */
  until?: number;
  after?: number;
  /** Records of the part: as of an array's slice. */
  slice?: [number, number?];
}

const samples: Sample[] = [
  { name: 'container', capture: '6.1.0-56--a-single', what: "A container's own limit." },
  {
    name: 'pod',
    capture: '6.1.0-56--d-podlimit',
    what: 'The limit of a pod, hit by one of its containers.',
  },
  {
    name: 'service',
    capture: '6.1.0-56--g-cgname',
    after: 3,
    until: 4,
    what: 'The limit of a systemd unit.',
  },
  {
    name: 'cgroup',
    capture: '6.1.0-56--g-cgname',
    after: 5,
    until: 6,
    what: 'The limit of a cgroup of nobody known, with a path that looks like the line that names it.',
  },
  { name: 'node', capture: '6.1.0-56--e-global-root', what: 'No memory left in the machine.' },
  {
    name: 'cpuset',
    capture: '6.1.0-56--h-cpuset',
    what: 'No memory left on the NUMA nodes of a cpuset.',
  },
  {
    name: 'memory-policy',
    capture: '6.1.0-56--h-mempolicy',
    what: 'No memory left on the NUMA nodes of a memory policy.',
  },
  { name: 'manual', capture: '6.1.0-56--i-sysrq', until: 1, what: 'Asked for by sysrq-f.' },
  { name: 'group', capture: '6.1.0-56--c-group', what: 'A memory.oom.group of five processes.' },
  {
    name: 'hostile-name',
    capture: '6.1.0-56--g-comm',
    after: 22,
    until: 23,
    what: 'A process that is named by a line break and a word of the kernel.',
  },
  {
    name: 'withheld',
    capture: '6.1.0-56--f-storm',
    until: 11,
    what: 'The eleventh kill in a second: the kernel prints ten reports in 5 s. The ten come before it.',
  },
  {
    name: 'lost',
    capture: '6.1.0-56--j-overrun',
    until: 1,
    what: 'The log was overrun amid the report.',
  },
  {
    name: 'cut',
    capture: '6.1.0-56--a-single',
    slice: [-2],
    what: 'A tool left all but the last two lines of the report out.',
  },
  {
    name: 'kill-line',
    capture: '6.1.0-56--a-single',
    slice: [0, -1],
    what: 'The report proves the kill, and its own line is not there.',
  },
];

/** Real captures as a module of oom: what `@oomwatcher/oom/testing` makes its kills of. */
export function sampleCaptures(): string {
  const entries = samples.map((sample) => {
    const text = recordsOf(sample).join('\n');
    if (/`|\$\{/.test(text)) throw new Error(`${sample.name} cannot be written as it is`);
    const tag = text.includes('\\') ? 'String.raw' : '';
    return `  /** ${sample.what} */\n  ${keyOf(sample.name)}: ${tag}\`${text}\n\`,\n`;
  });
  return [
    '// Made by test/docs/write.ts of test/fixtures: raw records of /dev/kmsg, as real kernels printed them.\n\n',
    `export const captures = {\n${entries.join('')}} as const;\n`,
  ].join('');
}

const keyOf = (name: string) => (/^\w+$/.test(name) ? name : `'${name}'`);

function recordsOf({ capture, after = 0, until, slice = [0] }: Sample): string[] {
  const records = bytesOf(capture).trimEnd().split('\n');
  const kills = records.flatMap((record, at) => (record.includes('Killed process') ? [at] : []));
  // The names of g-comm are the kernel's words; a kill line has the sizes behind them.
  const killLines = kills.filter((at) => /total-vm:\d+kB, anon-rss/.test(records[at] ?? ''));
  const begin = after === 0 ? 0 : (killLines[after - 1] as number) + 1;
  const end = until === undefined ? records.length : (killLines[until - 1] as number) + 1;
  return records.slice(begin, end).slice(...slice);
}

function bytesOf(capture: string): string {
  const path = join(root, 'packages/oom/test/fixtures', `${capture}.kmsg`);
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return gunzipSync(readFileSync(`${path}.gz`)).toString('latin1');
  }
}
