import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { builtAgent, needs, terminal } from './support/needs.ts';
import { command } from './support/paths.ts';

const mib = 1024;
const leak = {
  path: '/leak',
  usageKiB: 60 * mib,
  limitKiB: 100 * mib,
  growthKiBPerS: 900,
  secondsToLimit: 45,
};
const full = {
  path: '/full',
  usageKiB: 99 * mib,
  limitKiB: 100 * mib,
  growthKiBPerS: 0,
  killsToday: 7,
};

/** An agent that answers this, and how often it was asked. */
async function answering() {
  let asked = 0;
  const server = createServer((_, response) => {
    asked++;
    const cgroups = [full, leak];
    response.end(
      JSON.stringify({ schema: 'oomwatcher.memory/v1', live: true, reason: '', cgroups }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    [Symbol.dispose]: () => void server.close(),
  };
}

/** `top` on a terminal of its own. */
class Terminal implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly exited: Promise<number | null>;
  text = '';

  constructor(url: string) {
    const shell = `'${command}' top --url '${url}'`;
    this.#child = spawn('script', ['-q', '-e', '-c', shell, '/dev/null'], {
      env: { PATH: process.env.PATH, NO_COLOR: '1', TERM: 'xterm' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.exited = once(this.#child, 'close').then(([code]) => code);
    this.#child.stdout?.setEncoding('utf8').on('data', (chunk) => {
      this.text += chunk;
    });
  }

  press(key: string): void {
    this.text = '';
    this.#child.stdin?.write(key);
  }

  /** The cgroups of the newest whole screen, from the top. */
  order(): string[] {
    const screen = this.text.split('\x1b[H').findLast((each) => each.includes('q quit')) ?? '';
    return [...screen.matchAll(/\/(?:leak|full)\b/g)].map(([path]) => path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }
}

const { describe, it } = needs(builtAgent, terminal);

describe('keys in top', () => {
  it('sort the table, halt it and go on, and give the terminal back at its end', async () => {
    using agent = await answering();
    await using terminal = new Terminal(agent.url);
    const shown = (what: string) => expect.poll(() => terminal.text).toContain(what);
    await shown('by left');
    expect(terminal.order()).toEqual(['/leak', '/full']);
    for (const [key, order, paths] of [
      ['u', 'used', ['/full', '/leak']],
      ['g', 'growth', ['/leak', '/full']],
      ['k', 'kills', ['/full', '/leak']],
      ['t', 'left', ['/leak', '/full']],
    ] as const) {
      terminal.press(key);
      await shown(`by ${order}`);
      await expect.poll(() => terminal.order()).toEqual(paths);
    }
    terminal.press(' ');
    await shown('paused');
    terminal.press(' ');
    const asked = agent.asked();
    await expect.poll(agent.asked).toBeGreaterThan(asked);
    terminal.press('q');
    expect(await terminal.exited).toBe(0);
    expect(terminal.text).toContain('\x1b[?25h\x1b[?1049l');
  });

  for (const [name, key] of [
    ['Ctrl-C', '\x03'],
    ['Escape', '\x1b'],
  ] as const) {
    it(`${name} ends it`, async () => {
      using agent = await answering();
      await using terminal = new Terminal(agent.url);
      await expect.poll(() => terminal.text).toContain('by left');
      terminal.press(key);
      expect(await terminal.exited).toBe(0);
    });
  }
});
