import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Agent } from './support/agent.ts';
import { runtimeTests } from './support/hosts/assets.ts';
import { PlainHost } from './support/hosts/plain-host.ts';
import { runtimes } from './support/hosts/runtimes.ts';

runtimeTests('a host with containers and without Kubernetes', () => {
  const stack = new AsyncDisposableStack();
  let host: PlainHost;
  let agent: Agent;
  beforeAll(async () => {
    host = stack.use(await PlainHost.start());
    await host.daemon(['containerd', '--log-level', 'warn'], ['ctr', 'version']);
    const state = join('/var/lib', 'oomwatcher');
    agent = stack.use(
      await Agent.watching(['run', '--json', '--listen', 'none', '--state-dir', state], {
        wrapper: host.wrapper,
      }),
    );
  });
  afterAll(() => stack.disposeAsync());

  describe.each(runtimes)('of $runtime', (container) => {
    beforeAll(() => container.prepare(host));

    it.each([
      ['the main process', true, ['eat']],
      ['a child', false, ['children', '1']],
    ])('tells a kill of %s by the name that its user gave it', async (_, isMain, args) => {
      const name = `shop-${container.runtime}-${isMain ? 'main' : 'child'}`;
      const told = { runtime: container.runtime, ...container.told(name) };
      try {
        container.start(host, name, args);
        const kill = await agent.until('tells the kill', () =>
          agent.kills('hog').find(({ container }) => (container?.name ?? container?.id) === name),
        );
        expect(kill.container).toMatchObject(told);
        // Not known where the process was gone before it was looked at.
        expect(kill.victim?.mainProcess).not.toBe(!isMain);
      } finally {
        container.remove(host, name);
      }
    });
  });
});
