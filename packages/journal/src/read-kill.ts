import type { Kill, RawReport, RunUp } from '@oomwatcher/oom';

/** What a value must be: a type, or an object's fields. `?` behind a name: may be absent. */
type Shape =
  | 'text'
  | 'number'
  | 'flag'
  | 'time'
  | readonly [Shape]
  | { readonly [name: string]: Shape };

const memoryRunUp: Shape = {
  path: 'text',
  sinceMonotonicUs: 'number',
  samples: [
    {
      monotonicUs: 'number',
      usageKiB: 'number',
      'limitKiB?': 'number',
      'anonKiB?': 'number',
      'fileKiB?': 'number',
      'shmemKiB?': 'number',
      'kernelKiB?': 'number',
      'swapKiB?': 'number',
      'inactiveFileKiB?': 'number',
      'processes?': [
        {
          pid: 'number',
          startTicks: 'number',
          comm: 'text',
          anonRssKiB: 'number',
          'fileRssKiB?': 'number',
          'shmemRssKiB?': 'number',
        },
      ],
    },
  ],
};

const runUp: Shape = {
  'killMonotonicUs?': 'number',
  'cgroup?': memoryRunUp,
  'limitOwner?': memoryRunUp,
};

/** Every field of a kill that this version reads; others are a later version's. */
const kill: Shape = {
  id: 'text',
  complete: 'flag',
  'missing?': 'text',
  'time?': 'time',
  'localTime?': 'text',
  'monotonicUs?': 'number',
  'seq?': 'number',
  'bootId?': 'text',
  'host?': 'text',
  'scope?': 'text',
  'constraint?': 'text',
  'victim?': {
    pid: 'number',
    'tid?': 'number',
    name: 'text',
    'uid?': 'number',
    'startTicks?': 'number',
    'mainProcess?': 'flag',
    'oomScoreAdj?': 'number',
    'totalVmKiB?': 'number',
    'anonRssKiB?': 'number',
    'fileRssKiB?': 'number',
    'shmemRssKiB?': 'number',
    'pageTablesKiB?': 'number',
    'sizesApproximate?': 'flag',
  },
  'trigger?': {
    manual: 'flag',
    'pid?': 'number',
    'name?': 'text',
    'gfpMask?': 'text',
    'order?': 'number',
    'oomScoreAdj?': 'number',
  },
  'cgroup?': { 'victim?': 'text', 'limit?': 'text', 'from?': 'text' },
  'container?': {
    id: 'text',
    'runtime?': 'text',
    'name?': 'text',
    'image?': 'text',
    'compose?': { project: 'text', service: 'text' },
  },
  'pod?': {
    uid: 'text',
    'qos?': 'text',
    'namespace?': 'text',
    'name?': 'text',
    'container?': 'text',
    'owner?': { kind: 'text', name: 'text' },
    'spec?': {
      'kind?': 'text',
      containers: 'number',
      'limitKiB?': 'number',
      'requestKiB?': 'number',
      'podLimitKiB?': 'number',
      'podLimitFrom?': 'text',
    },
  },
  'inner?': {
    'pod?': { uid: 'text', 'qos?': 'text' },
    'container?': { id: 'text', 'runtime?': 'text' },
  },
  'memory?': { 'usageKiB?': 'number', 'limitKiB?': 'number' },
  'memoryStat?': {
    'anonKiB?': 'number',
    'fileKiB?': 'number',
    'shmemKiB?': 'number',
    'kernelKiB?': 'number',
    'slabKiB?': 'number',
    'pageTablesKiB?': 'number',
    'socketKiB?': 'number',
    'swapKiB?': 'number',
  },
  'nodeMemory?': {
    'managedKiB?': 'number',
    'freeKiB?': 'number',
    'anonKiB?': 'number',
    'fileKiB?': 'number',
    'shmemKiB?': 'number',
    'unevictableKiB?': 'number',
    'slabKiB?': 'number',
    'hugePagesKiB?': 'number',
    'hugePagesFreeKiB?': 'number',
    'swapTotalKiB?': 'number',
    'swapFreeKiB?': 'number',
    'zones?': [
      {
        node: 'number',
        zone: 'text',
        freeKiB: 'number',
        minKiB: 'number',
        managedKiB: 'number',
        'largestFreeOrder?': 'number',
      },
    ],
  },
  'otherPods?': {
    afterMs: 'number',
    count: 'number',
    biggest: [
      {
        uid: 'text',
        qos: 'text',
        'namespace?': 'text',
        'name?': 'text',
        usageKiB: 'number',
        fileKiB: 'number',
        'limitKiB?': 'number',
        'requestKiB?': 'number',
      },
    ],
  },
  'witnessed?': 'flag',
  'sharers?': [{ pid: 'number', name: 'text' }],
  'group?': { id: 'text', size: 'number', 'cgroup?': 'text' },
  'tasks?': [
    {
      pid: 'number',
      name: 'text',
      uid: 'number',
      rssKiB: 'number',
      swapKiB: 'number',
      oomScoreAdj: 'number',
    },
  ],
  'runUp?': runUp,
};

const report: Shape = { lines: ['text'], 'leftOut?': { count: 'number', after: 'number' } };

/**
 * A kill that was written as JSON: what reads it later may rely on the type of each field. A bit of the disk can make
 * a text of it anything.
 *
 * @throws when it is no kill
 */
export function readKill(json: string): Kill {
  const value = JSON.parse(json) as Kill;
  if (value?.schema !== 'oomwatcher.kill/v1' || !is(value, kill)) throw new Error('no kill');
  return value;
}

/** @throws when it is no report */
export function readReport(json: string): RawReport {
  const value = JSON.parse(json) as RawReport;
  if (!is(value, report)) throw new Error('no report');
  return value;
}

export function isRunUp(value: unknown): value is RunUp {
  return is(value, runUp);
}

function is(value: unknown, shape: Shape): boolean {
  switch (shape) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return Number.isSafeInteger(value);
    case 'flag':
      return typeof value === 'boolean';
    case 'time':
      return typeof value === 'string' && Number.isFinite(Date.parse(value));
  }
  if (isList(shape)) return Array.isArray(value) && value.every((each) => is(each, shape[0]));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const fields = value as Record<string, unknown>;
  return Object.entries(shape).every(([name, of]) => {
    const isOptional = name.endsWith('?');
    const field = fields[isOptional ? name.slice(0, -1) : name];
    return field === undefined ? isOptional : is(field, of);
  });
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}
