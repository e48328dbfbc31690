import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { Agent } from './support/agent.ts';
import { builtAgent, needs } from './support/needs.ts';
import { root } from './support/paths.ts';

const group = join(root, 'packages/oom/test/fixtures/6.1.0-56--c-group.kmsg');

/** Loaded before the agent: what its libraries ask the network for ends in an error that nobody catches. */
const breaksRequests = `
  import http from 'node:http';
  const { request } = http;
  http.request = (...args) => {
    setTimeout(() => { throw new Error('broken'); }, 1);
    return request(...args);
  };`;

needs(builtAgent).it(
  'an error that nobody catches in a sink is the sink’s: every kill is recorded and reported',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-sinks-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const preload = join(folder, 'preload.mjs');
    writeFileSync(preload, breaksRequests);
    const args = ['run', '--json', '--state-dir', join(folder, 'state'), '--source', group];
    const agent = new Agent([...args, '--otlp', 'http://127.0.0.1:9'], {
      env: { NODE_OPTIONS: `--import=${pathToFileURL(preload)}` },
    });
    await agent.until('reports the sink', () => agent.notices('sink')[0]);
    await agent.until('reports every kill', () => agent.kills()[4]);
    await agent.stop('SIGTERM');
    expect((await agent.exited).code).toBe(0);
    expect(agent.kills()).toHaveLength(5);
    expect(agent.notices('sink')).toMatchObject([
      { sink: 'otlp', sentence: expect.stringContaining('(Error: broken, at ') },
    ]);
  },
);
