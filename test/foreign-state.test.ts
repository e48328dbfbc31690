import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { agentWithPage } from './support/dashboard.ts';
import { builtAgent, kernelLog, needs, readableByNobody, setpriv } from './support/needs.ts';
import { asNobody } from './support/surroundings.ts';

const nobody = 65534;
const wrapper = [...asNobody, '--inh-caps=+syslog', '--ambient-caps=+syslog'];

const states: [string, (folder: string) => void][] = [
  ['folder', (folder: string) => chmodSync(folder, 0o700)],
  [
    'journal',
    (folder: string) => {
      chownSync(folder, nobody, nobody);
      writeFileSync(join(folder, 'journal.db'), '', { mode: 0o600 });
    },
  ],
];

needs(builtAgent, kernelLog, setpriv, readableByNobody).describe(
  'state that the agent cannot write',
  () => {
    it.each(states)(
      'of a %s of root it says that a restart loses all, and the remedy',
      async (_, prepare) => {
        const folder = temporaryFolder();
        prepare(folder);
        const { agent, url } = await agentWithPage(folder, '127.0.0.1:0', ['--json'], { wrapper });
        await using _agent = agent;
        const remedy = `chown -R ${nobody} ${folder}`;
        expect(agent.notices('journal')).toMatchObject([
          { storage: 'memory', msg: expect.stringContaining(remedy) },
        ]);
        const ready = await fetch(`${url}/readyz`);
        expect(ready.status).toBe(200);
        const said = expect.stringMatching(/in memory only, and a restart loses.*chown -R/);
        expect(await ready.json()).toMatchObject({
          checks: expect.arrayContaining([{ name: 'journal', ok: true, reason: said }]),
        });
        // What the alert OOMWatcherJournalInMemory looks at.
        expect(await (await fetch(`${url}/metrics`)).text()).toMatch(
          /^oomwatcher_journal_on_disk\{.*\} 0$/m,
        );
      },
    );
  },
);
