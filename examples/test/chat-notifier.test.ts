import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killOne, runStorm } from '@oomwatcher/test/storm';
import { expect, it, onTestFinished } from 'vitest';
import { builtAgent, needs, oomKills } from '../../test/support/needs.ts';
import { openChat } from './chat.ts';
import { Program } from './program.ts';

function cursorFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-notifier-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'cursor.json');
}

const notifier = (url: string, file: string) =>
  new Program('chat-notifier.mts', { WEBHOOK_URL: url, CURSOR_FILE: file });

const toldUpTo = (file: string) => Number(JSON.parse(readFileSync(file, 'utf8')).seq);

it('without the address of a chat it says so and ends', async () => {
  await using program = new Program('chat-notifier.mts', { WEBHOOK_URL: '' });
  expect(await program.exited).toBe(1);
  expect(program.stderr).toBe("set WEBHOOK_URL to the address of the chat's incoming webhook\n");
});

needs(builtAgent, oomKills).describe('the chat notifier', () => {
  it('tells a kill again, by its key, whose answer it did not live to see, and leaves none out', async () => {
    await using chat = await openChat();
    const file = cursorFile();
    await using first = notifier(chat.url, file);
    await expect.poll(() => existsSync(file)).toBe(true);
    const before = await killOne({ comm: 'before' });
    await expect.poll(() => chat.timesTold(before.pid)).toBe(1);

    chat.answer = (response, { text }) => text.includes(': meanwhile (') || response.end('ok');
    const meanwhile = await killOne({ comm: 'meanwhile' });
    await expect.poll(() => chat.timesTold(meanwhile.pid)).toBe(1);
    await first.end('SIGKILL');
    const away = await runStorm({ kills: 12, cgroups: 3, parallel: 4 });

    chat.answer = (response) => response.end('ok');
    await using _second = notifier(chat.url, file);
    const after = await killOne({ comm: 'after' });
    await expect.poll(() => chat.timesTold(after.pid)).toBe(1);
    expect(chat.timesTold(before.pid)).toBe(1);
    expect(chat.timesTold(meanwhile.pid)).toBe(2);
    expect(chat.keysOf(meanwhile.pid).size).toBe(1);
    expect(away.children.map(({ pid }) => chat.timesTold(pid))).toEqual(Array(12).fill(1));
  });

  it('tells each kill under one key however often it is killed', async () => {
    await using chat = await openChat();
    const file = cursorFile();
    await using programs = new AsyncDisposableStack();
    let program = programs.use(notifier(chat.url, file));
    await expect.poll(() => existsSync(file)).toBe(true);

    let restarts = 0;
    chat.answer = (response) => {
      // Before the answer, with it, and a moment after: the moments in which a kill could be told twice or left out.
      const moment = chat.messages.length % 9;
      const restart = () => {
        restarts++;
        void program.end('SIGKILL').then(() => {
          program = programs.use(notifier(chat.url, file));
        });
      };
      if (moment === 2) return restart();
      response.end('ok');
      if (moment === 5) restart();
      if (moment === 8) setTimeout(restart, 1);
    };
    const { children } = await runStorm({ kills: 40, cgroups: 4, parallel: 4 });
    await expect
      .poll(() => children.filter(({ pid }) => chat.keysOf(pid).size === 0), { interval: 200 })
      .toEqual([]);
    chat.answer = (response) => response.end('ok');
    expect(children.map(({ pid }) => chat.keysOf(pid).size)).toEqual(Array(40).fill(1));
    expect(restarts).toBeGreaterThan(5);
    const told = children.reduce((sum, { pid }) => sum + chat.timesTold(pid), 0);
    expect(told).toBeLessThanOrEqual(40 + restarts);
  });

  it('tries again what the chat does not take, and then ends and keeps the kill for the next start', async () => {
    await using chat = await openChat();
    const file = cursorFile();
    await using first = notifier(chat.url, file);
    await expect.poll(() => existsSync(file)).toBe(true);
    chat.answer = (response, { text }) =>
      text.includes(': refused (') ? response.writeHead(503).end() : response.end('ok');
    const { pid } = await killOne({ comm: 'refused' });
    expect(await first.exited).toBe(1);
    expect(first.stderr).toMatch(/attempt 5 of 5 to tell \S+: status 503/);
    expect(chat.timesTold(pid)).toBe(5);
    const seq = Number([...chat.keysOf(pid)][0]?.split(':')[1]);
    expect(toldUpTo(file)).toBeLessThan(seq);

    // It would be followed by a GET, which this one would answer with 200.
    chat.answer = (response) => {
      chat.answer = (next) => next.end('ok');
      response.writeHead(302, { location: '/' }).end();
    };
    await using _second = notifier(chat.url, file);
    // Kills of others may come first, and their place may be right before this one's.
    await expect.poll(() => chat.timesTold(pid)).toBeGreaterThan(5);
    await expect.poll(() => toldUpTo(file)).toBeGreaterThanOrEqual(seq);
    expect(chat.keysOf(pid).size).toBe(1);
  });

  it('lets no process call everybody in the chat by its name', async () => {
    await using chat = await openChat();
    const file = cursorFile();
    await using _program = notifier(chat.url, file);
    await expect.poll(() => existsSync(file)).toBe(true);
    const { pid } = await killOne({ comm: [Buffer.from('<!channel>\n@all')] });
    await expect.poll(() => chat.timesTold(pid)).toBe(1);
    const told = chat.messages.find(({ text }) => text.includes(` (${pid})`));
    expect(told?.text).toContain(`: ??channel???all (${pid})`);
  });
});
