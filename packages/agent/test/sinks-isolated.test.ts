import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sink } from '@oomwatcher/journal';
import { connect } from '@oomwatcher/kubernetes';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { Agent } from '../src/runtime/agent.js';
import { OtlpSink } from '../src/sinks/otlp/otlp-sink.js';
import { capture } from './support/captures.js';
import { collector } from './support/outputs.js';
import { uncaughtErrors } from './support/uncaught.js';

/** Nobody listens there. */
const nowhere = '127.0.0.1:9';

function kubernetesSink({ journal }: Agent): () => Sink {
  const kubeconfig = join(temporaryFolder(), 'kubeconfig');
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: `https://${nowhere}` } }],
      users: [{ name: 'u', user: { token: 'token' } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  );
  return connect({
    journal,
    kubeconfig,
    version: '1',
    nodeName: 'n1',
    nodeEvents: 'all',
    lookbackMs: 3_600_000,
    report: () => {},
  }).newSink;
}

function otlpSink({ journal }: Agent): () => Sink {
  const options = { url: `http://${nowhere}`, version: '1', node: 'n1', timeoutMs: 500 };
  return () => new OtlpSink(journal, options);
}

const sinks = [
  ['kubernetes', kubernetesSink],
  ['otlp', otlpSink],
] as const;

const broken = (): never => {
  throw new Error('broken');
};

/** It stops all the same: the journal is closed after it. */
function withStop(sink: Sink, after: () => Promise<void>): Sink {
  const stop = sink.stop.bind(sink);
  return Object.assign(sink, {
    stop: () => {
      stopped.push(stop().catch(() => {}));
      return after();
    },
  });
}

const stopped: Promise<void>[] = [];

const harms: [string, (make: () => Sink) => () => Sink][] = [
  ['the constructor throws', () => broken],
  ['stop() throws', (make) => () => withStop(make(), broken)],
  ...(['start', 'wake', 'health'] as const).map(
    (method): [string, (make: () => Sink) => () => Sink] => [
      `${method}() throws`,
      (make) => () => Object.assign(make(), { [method]: broken }),
    ],
  ),
  ['stop() rejects', (make) => () => withStop(make(), async () => broken())],
  [
    'a timer throws',
    (make) => () => {
      setTimeout(broken, 5);
      return make();
    },
  ],
  [
    'a promise is rejected',
    (make) => () => {
      void Promise.reject(new Error('broken'));
      return make();
    },
  ],
];

const cases = sinks.flatMap(([name, sink]) =>
  harms.map(([what, harm]) => [name, what, sink, harm] as const),
);

test.each(cases)(
  '%s: where %s, all kills are recorded, reported and delivered to the other sink',
  async (name, _, sinkFor, harm) => {
    const others = uncaughtErrors();
    const { kills, notices, reporter } = collector();
    const watch = { capture: capture('6.1.0-56--c-group') };
    const agent = await Agent.open({ stateDir: temporaryFolder(), watch }, reporter);
    const { journal } = agent;
    agent.addSink(name, harm(sinkFor(agent)));
    let taken = 0;
    let stops = 0;
    agent.addSink('other', () => ({
      name: 'other',
      start: () => {},
      wake: () => {
        taken = journal.after(0, 100).length;
      },
      health: () => ({ ok: true, lag: 5 - taken, failures: 0, skipped: 0 }),
      stop: async () => void stops++,
    }));
    const running = agent.run();
    await expect.poll(() => notices.some(({ kind }) => kind === 'summary')).toBe(true);
    await expect.poll(() => taken).toBe(5);
    // Whose timer throws has thrown then.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const healths = agent.sinks.map((sink) => sink.health());
    agent.stop();
    await running;
    expect([kills.length, taken, stops]).toEqual([5, 5, 1]);
    expect(healths[1]).toMatchObject({ ok: true, lag: 0 });
    const reported = notices.filter(({ kind }) => kind === 'sink');
    expect(reported).toMatchObject([
      {
        sink: name,
        sentence: expect.stringContaining('a defect of the sink ended it (Error: broken'),
      },
    ]);
    expect(others).toEqual([]);
  },
);
