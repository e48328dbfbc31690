import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { expectAllCounted } from './support/account.ts';
import { Agent } from './support/agent.ts';
import { oomKills } from './support/needs.ts';
import { describeSources } from './support/sources.ts';
import { killOne } from './support/storm.ts';

describeSources('an agent that is ended', [oomKills], (source) => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'by %s says its summary and exits with 0',
    async (signal) => {
      await using agent = await Agent.watching(['watch', '--json'], { source });
      expect(await agent.stop(signal)).toEqual({ code: 0, signal: null });
      const last = JSON.parse(agent.stderr.at(-1)?.text ?? '');
      expect(last).toMatchObject({ kind: 'summary', forged: 0, repeats: 0 });
      expectAllCounted(agent);
    },
  );

  it('by a reader that closes the pipe leaves no stack trace', async () => {
    const wrapper = ['sh', '-c', '{ "$@"; echo "exit code $?" >&2; } | head -n 1', 'sh'];
    await using agent = await Agent.watching(['watch'], { source, wrapper });
    for (let _kills = 1; !agent.stderr.some(({ text }) => text.startsWith('exit code')); _kills++) {
      await killOne({ comm: 'closed-pipe' });
      await sleep(200);
    }
    await agent.exited;
    expect(agent.stderr.at(-1)?.text).toBe('exit code 0');
    expect(agent.stdout).toHaveLength(1);
    expect(agent.stderr.filter(({ text }) => /^\s+at |Error/.test(text))).toEqual([]);
  });
});
