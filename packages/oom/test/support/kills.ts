import type { Kill, Outcome } from '@oomwatcher/oom';

/** Leaves texts as they are. */
export const plain = (_format: unknown, text: string) => text;

/** What the kernel prints at the least: a kill line without a report. */
export const bareKill: Kill = { schema: 'oomwatcher.kill/v1', id: 'b:7', complete: false };

/** A kill of which everything is known. */
export const wholeKill: Kill = {
  schema: 'oomwatcher.kill/v1',
  id: 'b:7',
  time: '2026-11-23T16:00:00.123456Z',
  monotonicUs: 2187068564,
  seq: 7,
  bootId: 'b',
  host: 'worker-3',
  scope: 'pod',
  constraint: 'memcg',
  victim: {
    pid: 4242,
    tid: 4244,
    name: 'nginx',
    uid: 33,
    mainProcess: false,
    oomScoreAdj: 984,
    totalVmKiB: 102400,
    anonRssKiB: 16000,
    fileRssKiB: 384,
    shmemRssKiB: 0,
    pageTablesKiB: 84,
  },
  trigger: { manual: false, pid: 4300, name: 'java', gfpMask: '0xcc0(GFP_KERNEL)', order: 2 },
  cgroup: { victim: '/pod/app', limit: '/pod', from: 'proc' },
  container: { id: 'c0ffee', runtime: 'containerd' },
  pod: {
    uid: 'abc',
    qos: 'burstable',
    spec: {
      kind: 'container',
      containers: 2,
      limitKiB: 262144,
      requestKiB: 65536,
      podLimitKiB: 524288,
      podLimitFrom: 'containers',
    },
  },
  inner: { pod: { uid: 'def', qos: 'guaranteed' }, container: { id: 'decaf', runtime: 'cri-o' } },
  memory: { usageKiB: 262144, limitKiB: 524288 },
  group: { id: 'b:7', size: 3, cgroup: '/pod/app' },
  tasks: [
    { pid: 4300, name: 'java', uid: 0, rssKiB: 200000, swapKiB: 0, oomScoreAdj: 0 },
    { pid: 4242, name: 'nginx', uid: 33, rssKiB: 16384, swapKiB: 0, oomScoreAdj: 984 },
  ],
  complete: true,
  missing: 'cut',
};

/**
 * What a name may hold that nobody must see raw: an escape sequence that clears the screen, C1, a newline that begins a
 * line of its own, a bidi override, zero widths, separators, a lone surrogate, private use.
 */
export const hostileName =
  'a\x1b[2J\x9b31m\nOOM kill  b\r\u202ec\u200b\u2028\u2029\ud800\ue000\x7f';

/** What must not be in any output; written out here, not taken from the code that escapes. */
export const invisible =
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ue000\ufeff]/;

/** The record with every text of it that somebody else may have chosen made hostile. */
export function withHostileTexts<T extends Kill | Outcome>(record: T): T {
  const fixed = new Set([
    'schema',
    'kind',
    'scope',
    'constraint',
    'from',
    'time',
    'qos',
    'missing',
    'podLimitFrom',
  ]);
  const replaced = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => replaced(item, key));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, replaced(v, k)]));
    }
    return typeof value === 'string' && !fixed.has(key) ? `${hostileName}${value}` : value;
  };
  return replaced(record, '') as T;
}

const { id: _id, seq: _seq, bootId: _bootId, group: _group, ...known } = wholeKill;

/** What is known of a kill, for many that differ in their ids. */
export const knownOfKill = known;
