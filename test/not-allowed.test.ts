import { expect, it } from 'vitest';
import { Agent } from './support/agent.ts';
import { privateMounts, readableByNobody, restrictedLog, setpriv } from './support/needs.ts';
import { describeSources } from './support/sources.ts';
import { asNobody, behindDevNull, withoutCapabilities } from './support/surroundings.ts';

const exitNotAllowed = 3;

describeSources(
  'a user without CAP_SYSLOG',
  [setpriv, restrictedLog, readableByNobody],
  (source) => {
    it.each([
      ['nobody', asNobody],
      ['root in a container', withoutCapabilities],
    ])('learns what is missing, in one sentence: %s', async (_, wrapper) => {
      await using agent = new Agent(['watch'], { source, wrapper });
      expect(await agent.exited).toEqual({ code: exitNotAllowed, signal: null });
      expect(agent.stdout).toEqual([]);
      expect(agent.stderr).toHaveLength(1);
      expect(agent.stderr[0]?.text).toMatch(/^oomwatcher: .*\/dev\/kmsg.*CAP_SYSLOG/);
    });
  },
);

describeSources('/dev/kmsg that is not the kernel log', [privateMounts], (source) => {
  it('is an error, not an endless silence', async () => {
    await using agent = new Agent(['watch'], { source, wrapper: behindDevNull });
    expect(await agent.exited).toEqual({ code: exitNotAllowed, signal: null });
    expect(agent.stdout).toEqual([]);
    expect(agent.stderr).toHaveLength(1);
    expect(agent.stderr[0]?.text).toMatch(/^oomwatcher: .*\/dev\/kmsg/);
  });
});
