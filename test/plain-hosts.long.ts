import { setTimeout as sleep } from 'node:timers/promises';
import type { Kill } from '@oomwatcher/oom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Agent } from './support/agent.ts';
import { runtimeTests } from './support/hosts/assets.ts';
import { PlainHost } from './support/hosts/plain-host.ts';
import { type Runtime, runtimes } from './support/hosts/runtimes.ts';
import { reportWindowMs } from './support/storm.ts';

const attempts = 20;

runtimeTests('a host with containers and without Kubernetes', () => {
  const stack = new AsyncDisposableStack();
  let host: PlainHost;
  let agent: Agent;
  beforeAll(async () => {
    host = stack.use(await PlainHost.start());
    await host.daemon(['containerd', '--log-level', 'warn'], ['ctr', 'version']);
    const args = ['run', '--json', '--listen', 'none', '--state-dir', '/var/lib/oomwatcher'];
    agent = stack.use(await Agent.watching(args, { wrapper: host.wrapper }));
  });
  afterAll(() => stack.disposeAsync());

  const nameOf = ({ container }: Kill) => container?.name ?? container?.id;

  /** undefined: it was told without a place. */
  async function killIn(runtime: Runtime, name: string, args: string[]): Promise<Kill | undefined> {
    const before = agent.kills('hog').length;
    try {
      runtime.start(host, name, args);
      const kill = await agent.until(`tells the kill in ${name}`, () =>
        agent
          .kills('hog')
          .slice(before)
          .find((kill) => kill.cgroup?.victim === undefined || nameOf(kill) === name),
      );
      return nameOf(kill) === name ? kill : undefined;
    } finally {
      runtime.remove(host, name);
    }
  }

  describe.each(runtimes)('of $runtime', (runtime) => {
    beforeAll(() => runtime.prepare(host));

    it.each([
      ['main process', ['eat']],
      ['child', ['children', '1']],
    ])('tells a kill of a %s by the name that its user gave it', async (which, args) => {
      for (let attempt = 0; attempt < attempts; attempt++) {
        const name = `shop-${which.split(' ')[0]}-${attempt}`;
        const kill = await killIn(runtime, name, args);
        if (kill !== undefined) {
          expect(kill.container).toMatchObject({ runtime: runtime.runtime, ...runtime.told(name) });
          // Not known where the process was gone before it was looked at.
          expect(kill.victim?.mainProcess).not.toBe(which === 'child');
          return;
        }
        // Kills of others had used up the kernel's reports, and the process was gone before it was looked at.
        await sleep(reportWindowMs);
      }
      throw new Error(
        `${attempts} kills were told without a place: who else causes OOM kills here?`,
      );
    });
  });
});
