import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Agent } from './support/agent.ts';
import { Incus, incusTests } from './support/hosts/incus.ts';

const wait = '500';
const kinds = [
  { which: 'main process', name: 'shop-main', args: ['eat', wait] },
  { which: 'child', name: 'shop-child', args: ['children', '1'] },
];

incusTests.describe('a container of Incus', () => {
  const stack = new AsyncDisposableStack();
  const stateDir = mkdtempSync(join(tmpdir(), 'oomwatcher-incus-state-'));
  let incus: Incus;
  let agent: Agent;

  beforeAll(async () => {
    incus = stack.use(await Incus.start());
    const args = ['run', '--json', '--listen', 'none', '--state-dir', stateDir];
    agent = stack.use(await Agent.watching(args));
  });
  afterAll(async () => {
    await stack.disposeAsync();
    rmSync(stateDir, { recursive: true });
  });

  async function isTold(id: string, which: string): Promise<void> {
    const kill = await agent.until(`tells the kill in ${id}`, () =>
      agent.kills('hog').find(({ container }) => container?.id === id),
    );
    expect(kill.container?.runtime).toBe('lxc');
    expect(kill.cgroup?.victim).toMatch(`/lxc.payload.${id}`);
    expect(kill.victim?.mainProcess).not.toBe(which === 'child');
    console.log(`${kill.cgroup?.victim}: ${kill.container?.id}`);
  }

  it.each(kinds)('has its name in a kill of its $which', async ({ which, name, args }) => {
    await using _ = incus.launch(name, args);
    await isTold(name, which);
  });

  it('of another project has that before its name, as its cgroup has', async () => {
    const shared = ['images', 'profiles', 'storage.volumes', 'networks'];
    const settings = shared.flatMap((feature) => ['--config', `features.${feature}=false`]);
    incus.run('project', 'create', 'shop', ...settings);
    await using _ = incus.launch('web', ['eat', wait], '--project=shop');
    await isTold('shop_web', 'main process');
  });
});
