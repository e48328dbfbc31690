import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { freePorts } from '../../../test/support/free-ports.ts';
import { openJournal } from '../../journal/test/support/journals.js';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { openInTurn } from '../src/cli/commands/open-in-turn.js';
import type { WebFlags } from '../src/http/add-web.js';
import { Standby } from '../src/http/standby.js';
import { capture } from './support/captures.js';
import { collector } from './support/outputs.js';

/** An agent that waits, as far as it has come. */
function waiting(stateDir: string, web?: WebFlags) {
  const { notices, reporter } = collector();
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  const options = { stateDir, watch: { capture: capture('6.1.0-56--c-group') } };
  const opened = openInTurn(options, reporter, { web, signal: ending.signal });
  return { opened, notices, ending };
}

test('a second agent waits, says so once, is alive and not ready, and has the journal when the first ends', async () => {
  const folder = temporaryFolder();
  const first = openJournal(folder);
  const [port = 0] = await freePorts(1);
  const listen = { host: '127.0.0.1', port };
  const second = waiting(folder, { listen });
  const ask = (path: string) => fetch(`http://127.0.0.1:${listen.port}${path}`);
  await expect
    .poll(() =>
      ask('/healthz').then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(200);
  const ready = await ask('/readyz');
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({
    status: 'failing',
    checks: [{ name: 'lock', ok: false, reason: expect.stringContaining(folder) }],
  });
  // For a DaemonSet whose new pod has to be ready before the old one is ended.
  expect((await ask('/readyz?standby')).status).toBe(200);
  expect((await ask('/metrics')).status).toBe(503);
  expect(second.notices).toEqual([{ kind: 'waiting', folder }]);
  first.close();
  const agent = await second.opened;
  expect(agent?.journal.store.storage.kind).toBe('disk');
  expect(second.notices.filter(({ kind }) => kind === 'waiting')).toHaveLength(1);
  // The port is the agent's own now.
  await expect(ask('/healthz')).rejects.toThrow();
  agent?.stop();
  agent?.journal.close();
});

test('of two that wait one goes on, and the other one waits for it', async () => {
  const folder = temporaryFolder();
  const first = openJournal(folder);
  const both = [waiting(folder), waiting(folder)];
  await expect.poll(() => both.map(({ notices }) => notices.length)).toEqual([1, 1]);
  first.close();
  const [one] = await Promise.all([Promise.race(both.map(({ opened }) => opened))]);
  one?.stop();
  one?.journal.close();
  for (const agent of await Promise.all(both.map(({ opened }) => opened))) {
    if (agent === one) continue;
    expect(agent?.journal.store.storage.kind).toBe('disk');
    agent?.stop();
    agent?.journal.close();
  }
});

test('an agent that is ended while it waits has opened nothing', async () => {
  const folder = temporaryFolder();
  openJournal(folder);
  const second = waiting(folder);
  await expect.poll(() => second.notices.length).toBe(1);
  second.ending.abort();
  expect(await second.opened).toBeUndefined();
});

test('one whose port the first has waits all the same', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  const standby = new Standby({ listen: { host: '127.0.0.1', port } }, 'another one runs');
  await standby.start();
  await standby.stop();
});
