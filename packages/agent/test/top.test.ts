import { describe, expect, test } from 'vitest';
import { topCommand } from '../src/cli/commands/top.js';
import { openTopSource } from '../src/cli/commands/top-source.js';
import { serve } from './support/agent-states.js';
import { growing, recorderOf } from './support/memory-sources.js';
import { captureOutputs } from './support/outputs.js';

const full = growing('/pod/app', { fromKiB: 50_000, kibPerS: 200, limitKiB: 100_000 });
const calm = growing('/calm', { fromKiB: 10_000, kibPerS: 1, limitKiB: 100_000 });

const asked = (url: string) => ({ url, isAskedFor: true, stateDir: '/no/such/folder' });

describe('top asks the agent', () => {
  test('and prints all cgroups with a limit once, the most urgent first', async () => {
    const { url } = await serve({ state: { runUps: recorderOf([calm, full]).runUps } });
    const { stdout } = captureOutputs();
    await topCommand({ ...asked(url), json: false, once: true });
    const lines = stdout().trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(/90 %.*\+200 KiB\/s +50 s +0 {2}\/pod\/app$/);
    expect(lines[2]).toMatch(/\/calm$/);
  });

  test('and prints its answer as JSON', async () => {
    const { url } = await serve({ state: { runUps: recorderOf([full]).runUps } });
    const { stdout } = captureOutputs();
    await topCommand({ ...asked(url), json: true, once: true });
    expect(JSON.parse(stdout())).toMatchObject({
      schema: 'oomwatcher.memory/v1',
      cgroups: [{ path: '/pod/app', secondsToLimit: 50 }],
    });
  });

  test('with its token', async () => {
    const token = 'a-token-of-this-test';
    const state = { runUps: recorderOf([full]).runUps };
    const { url } = await serve({ state, token });
    const source = await openTopSource({ ...asked(url), token });
    expect((await source.answer(10)).cgroups).toHaveLength(1);
  });
});

describe('an agent that was named and cannot tell is no reason to look elsewhere', () => {
  test('where nobody listens', async () => {
    await expect(openTopSource(asked('http://127.0.0.1:1'))).rejects.toThrow(/no agent answers at/);
  });

  test('where it does not sample', async () => {
    const { url } = await serve({
      state: { runUps: () => ({ live: false, reason: 'no cgroups' }) },
    });
    await expect(openTopSource(asked(url))).rejects.toThrow(/does not sample: no cgroups/);
  });

  test('where it is something else', async () => {
    const { url } = await serve();
    await expect(openTopSource(asked(`${url}/x/`))).rejects.toThrow();
  });
});
