import { gzipSync } from 'node:zlib';
import type { Journal, Sink, SinkHealth } from '@oomwatcher/journal';
import { onTestFinished } from 'vitest';
import { openJournal } from '../../../journal/test/support/journals.js';
import type { ListenAddress } from '../../src/http/address.js';
import { type WebOptions, WebService } from '../../src/http/web-service.js';
import { noticeSentence } from '../../src/output/notice.js';
import type { AgentState } from '../../src/runtime/agent-state.js';

/** An agent that watches and has nothing to complain of. */
export function agentState(journal: Journal, more: Partial<AgentState> = {}): AgentState {
  return {
    version: '1.2.3',
    node: 'worker-3',
    startedMs: 1_700_000_000_000,
    source: { kind: 'native', reason: 'native addon' },
    journal,
    sinks: [],
    witness: () => undefined,
    runUps: () => undefined,
    ownerOf: () => ({}),
    watchStats: () => ({ kills: 0, repeats: 2, forged: 3, lost: 4, read: 1000, malformed: 0 }),
    account: () => ({
      schema: 'oomwatcher.account/v1',
      bootId: 'b',
      kernelKills: 7,
      kills: 5,
      repeats: 2,
      beforeFirstWatch: 0,
      whileAway: 0,
      unaccounted: 0,
      lost: 4,
      forged: 3,
    }),
    reader: () => ({ kind: 'watching' }),
    ...more,
  };
}

export function sinkOf(name: string, health: SinkHealth): Sink {
  return { name, start: () => {}, wake: () => {}, stop: async () => {}, health: () => health };
}

export const page = {
  '/': {
    type: 'text/html; charset=utf-8',
    gzip: gzipSync('<!doctype html>').toString('base64'),
  },
};

/** The service at a free port of this machine, ended when the test is over. */
export async function serve(
  options: WebOptions & { state?: Partial<AgentState>; journal?: Journal } = {},
) {
  const { state, journal = openJournal(), ...web } = options;
  let url = '';
  let sentence = '';
  const listen: ListenAddress = web.listen ?? { host: '127.0.0.1', port: 0 };
  const service = new WebService(agentState(journal, state), page, {
    ...web,
    listen,
    report: (notice) => {
      if (notice.kind !== 'dashboard') return;
      ({ url } = notice);
      sentence = noticeSentence(notice);
    },
  });
  onTestFinished(() => service.stop());
  await service.start();
  const ask = (path: string, init?: RequestInit) => fetch(`${url}${path}`, init);
  return { url, sentence, port: Number(new URL(url).port), journal, ask };
}
