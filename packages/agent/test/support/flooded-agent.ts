/** Runs in a process of its own: the service over a journal of some kills, and one kill more every moment. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { JournalledKill } from '@oomwatcher/journal';
import { Journal } from '@oomwatcher/journal';
import type { Kill } from '@oomwatcher/oom';
import { WebService } from '../../src/http/web-service.js';
import type { AgentState } from '../../src/runtime/agent-state.js';
import { boundHeap } from '../../src/runtime/heap.js';

boundHeap('a test');

const kill = (seq: number): Kill => ({
  schema: 'oomwatcher.kill/v1',
  id: `b:${seq}`,
  bootId: 'b',
  seq,
  complete: true,
  scope: 'container',
  victim: { pid: 4242, name: 'nginx' },
  pod: { uid: `u${seq % 300}`, namespace: 'shop', name: `web-${seq % 300}`, container: 'app' },
  memory: { usageKiB: 524_288, limitKiB: 524_288 },
  tasks: Array.from({ length: 10 }, (_, i) => ({
    pid: i,
    name: `worker-${i}`,
    uid: 1000,
    rssKiB: 1024,
    swapKiB: 0,
    oomScoreAdj: 0,
  })),
});

const journal = Journal.open(process.argv[2] as string);
const record = (first: number, count: number): readonly JournalledKill[] =>
  journal.append({
    kills: Array.from({ length: count }, (_, i) => kill(first + i)),
    cursor: { bootId: 'b', seq: BigInt(first + count) },
    tallies: {},
  });
record(1, 1000);
let recorded = 1000;

const state: AgentState = {
  version: '1',
  node: 'worker-3',
  startedMs: 0,
  source: { kind: 'native', reason: 'native addon' },
  journal,
  sinks: [],
  witness: () => undefined,
  runUps: () => undefined,
  ownerOf: () => ({}),
  watchStats: () => ({ kills: 0, repeats: 0, forged: 0, lost: 0, read: 0, malformed: 0 }),
  account: () => undefined,
  reader: () => ({ kind: 'watching' }),
};
const service = new WebService(
  state,
  { '/': { type: 'text/html', gzip: gzipSync('x'.repeat(50_000)).toString('base64') } },
  {
    listen: { host: '127.0.0.1', port: 0 },
    report: (notice) => notice.kind === 'dashboard' && process.send?.({ url: notice.url }),
  },
);
await service.start();
const timer = setInterval(() => {
  record(++recorded, 1);
}, 20);

process.on('message', async () => {
  clearInterval(timer);
  // What is kept, however late garbage is collected.
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, external } = process.memoryUsage();
  const [, peakKiB] =
    /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
  process.send?.({ recorded, keptKiB: (heapUsed + external) / 1024, peakKiB: Number(peakKiB) });
});
