import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { openPortable, openReplay } from '@oomwatcher/kmsg';
import { expect, test } from 'vitest';
import { builtAddon, builtAgent, kernelLog, needs } from '../../../test/support/needs.ts';
import { KmsgError, type WatchOptions, watch } from '../src/index.js';

const keepAll = { rules: [], fragments: true };
const record = (seq: number, text = 'a') => Buffer.from(`6,${seq},${seq},-;${text}\n`);
const threads = () => readdirSync('/proc/self/task').length;

test.each<[string, unknown]>([
  ['source', { source: 'nativ' }],
  ['from', { from: 'start' }],
  ['witness', { witness: true }],
  ['reports', { reports: 'yes' }],
  ['signal', { signal: {} }],
  ['warn', { warn: true }],
  ['capture', { capture: 7 }],
  ['logger', { logger: true }],
  ['logger', { logger: {} }],
  ['logger', { logger: { warn: () => {}, info: 'stdout' } }],
  ['source', { source: {} }],
  ['source', { source: () => undefined }],
  ['source', { source: async () => {} }],
  ['source', { source: () => openReplay(record(1), { keep: keepAll }) }],
  ['source', { source: () => openPortable({ keep: keepAll }), capture: record(1) }],
  ['acknowledges', { acknowledges: 1 }],
  ['cursor', { cursor: { bootId: 'a', seq: 'twelve' } }],
  ['cursor', { cursor: { bootId: 'a', seq: 1.5 } }],
  ['cursor', { cursor: { seq: 1n } }],
  ['counts', { counts: { bootId: 'a', seq: '1', total: 1, cgroups: [{ path: '/a', kills: 1 }] } }],
  ['counts', { counts: { bootId: 'a', seq: 1n, total: 1, cgroups: [] } }],
  ['counts', { counts: null }],
  ['options', 'boot'],
])('a wrong %s is an error at once, and leaves no thread', (name, options) => {
  const before = threads();
  const begin = () => watch(options as WatchOptions);
  expect(begin).toThrow(KmsgError);
  expect(begin).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
  expect(begin).toThrow(new RegExp(name));
  expect(threads()).toBeLessThanOrEqual(before);
});

test('an option may be undefined, as one that is passed on is', async () => {
  const nothing = { source: undefined, from: undefined, cursor: undefined, warn: undefined };
  const more = { witness: undefined, reports: undefined, signal: undefined, logger: undefined };
  await using watcher = watch({ capture: record(1), ...nothing, ...more });
  for await (const _ of watcher) expect.unreachable();
});

test('a second loop is an error at once, also while the first waits', async () => {
  async function* never() {
    yield record(1);
    await new Promise(() => {});
  }
  const watcher = watch({ capture: never() });
  const first = watcher.events().next();
  expect(() => watcher.events()).toThrow(expect.objectContaining({ code: 'ERR_WATCHER_IN_USE' }));
  await expect(async () => {
    for await (const _ of watcher) expect.unreachable();
  }).rejects.toMatchObject({ code: 'ERR_WATCHER_IN_USE' });
  watcher.close();
  expect(await first).toMatchObject({ done: true });
});

test('dmesg text in the place of a capture is an error, not a log without kills', async () => {
  const text = Buffer.from('[   12.3] Out of memory: Killed process 7 (a) total-vm:1kB\n');
  await expect(async () => {
    for await (const _ of watch({ capture: text })) expect.unreachable();
  }).rejects.toMatchObject({ code: 'ERR_NO_CAPTURE' });
});

needs(kernelLog).describe('of the live log', () => {
  const state = (watcher: ReturnType<typeof watch>) => JSON.parse(JSON.stringify(watcher.cursor));

  test('a cursor goes through JSON, and goes on from there', async () => {
    const watcher = watch({ source: 'portable' });
    for await (const event of watcher.events()) if (event.kind === 'watching') break;
    const stored = state(watcher);
    expect(stored).toEqual({ bootId: expect.any(String), seq: expect.stringMatching(/^\d+$/) });
    const resumed = watch({ source: 'portable', cursor: stored });
    for await (const event of resumed.events()) if (event.kind === 'watching') break;
    expect(BigInt(state(resumed).seq)).toBeGreaterThanOrEqual(BigInt(stored.seq));
  });

  needs(builtAgent).describe('in a process of its own', () => {
    const run = (script: string) =>
      spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        cwd: import.meta.dirname,
        encoding: 'utf8',
        timeout: 300_000,
      });
    const begin = `import { watch } from '@oomwatcher/watcher'; const watcher = watch({ warn: false });`;

    test.each([
      ['is never iterated', begin],
      [
        'is iterated and let go by unref',
        `${begin} watcher.unref(); for await (const _ of watcher);`,
      ],
      ['is closed', `${begin} setTimeout(watcher.close, 50); for await (const _ of watcher);`],
    ])('a watch that %s does not keep it alive', (_, script) => {
      const { error, stderr } = run(script);
      expect(error, stderr).toBeUndefined();
    });

    needs(builtAddon).it('1,000 starts and stops leave neither a thread nor memory', () => {
      const { stdout, stderr } = run(`
        import { readdirSync } from 'node:fs';
        import { watch } from '@oomwatcher/watcher';
        const threads = () => readdirSync('/proc/self/task').length;
        for (let turn = 0; turn < 1001; turn++) {
          watch({ source: 'native' }).close();
          if (turn === 0) globalThis.before = threads();
        }
        // A thread that was joined stays in /proc until the kernel has let it go; it may be among those of before.
        const untilMs = Date.now() + 200_000;
        while (threads() > before && Date.now() < untilMs) await new Promise((go) => setTimeout(go, 20));
        console.log(Math.max(0, threads() - before));`);
      expect(stdout, stderr).toBe('0\n');
    });
  });
});
