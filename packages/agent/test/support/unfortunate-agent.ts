/** Runs in a process of its own: the Kubernetes part over a journal, one kill more every moment, until it is told of peace. */
import { readFileSync } from 'node:fs';
import { Journal } from '@oomwatcher/journal';
import { connect } from '@oomwatcher/kubernetes';
import type { Kill } from '@oomwatcher/oom';
import { hasty } from '../../../kubernetes/test/support/hasty.js';
import { boundHeap } from '../../src/runtime/heap.js';

boundHeap('a test');

const { folder, kubeconfig, nodeName, uids } = JSON.parse(process.argv[2] as string) as {
  folder: string;
  kubeconfig: string;
  nodeName: string;
  uids: string[];
};

const journal = Journal.open(folder);
const { newSink, enrich } = connect({
  journal,
  version: '1',
  kubeconfig,
  nodeName,
  nodeEvents: 'system',
  lookbackMs: 3_600_000,
  report: () => {},
  timing: hasty,
  podLogs: folder,
  cgroups: folder,
});
const sink = newSink();
sink.start();

let kills = 0;
const timer = setInterval(() => {
  const subject = ['node', ...uids][kills % (uids.length + 1)] as string;
  const place =
    subject === 'node'
      ? { scope: 'node' as const }
      : {
          pod: { uid: subject },
          container: { id: `${subject}-app` },
          scope: 'container' as const,
        };
  const kill: Kill = {
    schema: 'oomwatcher.kill/v1',
    id: `b:${++kills}`,
    bootId: 'b',
    seq: kills,
    time: new Date().toISOString(),
    victim: { pid: kills, name: 'nginx' },
    complete: true,
    ...place,
  };
  journal.append({ kills: [enrich(kill)], cursor: undefined, tallies: {} });
  sink.wake();
}, 20);

process.on('message', (message) => {
  if (message === 'peace') clearInterval(timer);
  const [, peakKiB] =
    /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
  const recorded = journal.after(0, 1e6).length;
  process.send?.({ kills, recorded, health: sink.health(), peakKiB: Number(peakKiB) });
});
process.send?.('started');
