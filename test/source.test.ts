import { expect, it } from 'vitest';
import { Agent } from './support/agent.ts';
import { builtAddon, builtAgent, needs, oomKills, privateMounts } from './support/needs.ts';
import { killOne } from './support/storm.ts';
import { withoutAddon } from './support/surroundings.ts';

needs(oomKills, builtAgent, builtAddon, privateMounts).describe('which reader is live', () => {
  it('is the addon, and is said', async () => {
    await using agent = await Agent.watching(['watch', '--json']);
    expect(agent.notices('source')).toMatchObject([{ source: 'native' }]);
  });

  it('is the portable one when it is asked for, and is said', async () => {
    await using agent = await Agent.watching(['watch', '--json'], { source: 'portable' });
    expect(agent.notices('source')).toMatchObject([{ source: 'portable' }]);
  });

  it('is the portable one when the addon cannot load: kills are reported, and why in one line', async () => {
    await using agent = await Agent.watching(['watch'], { wrapper: withoutAddon });
    const said = agent.stderr.filter(({ text }) => /portable/.test(text));
    expect(said).toHaveLength(1);
    expect(said[0]?.text).toMatch(/addon/);
    const { pid } = await killOne({ comm: 'no-addon' });
    await agent.until('prints the kill', () =>
      agent.stdout.find(({ text }) => text.includes('no-addon') && text.includes(`pid ${pid}`)),
    );
  });

  it('is none when the addon is asked for by name and cannot load', async () => {
    await using agent = new Agent(['watch'], { wrapper: withoutAddon, source: 'native' });
    const { code } = await agent.exited;
    expect(code).toBe(1);
    expect(agent.stderr.at(-1)?.text).toMatch(/^oomwatcher: .*addon/);
  });
});
