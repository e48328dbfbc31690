import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../kmsg/test/support/temporary.js';
import { heapOptions, oneFile } from '../support/one-file.js';

/**
 * An agent in a process of its own, whose memory is nobody else's. Its heap has a bound: without one garbage is collected
 * when there is time, and on a busy machine the peak said more about that than about the agent.
 */
async function agent() {
  const child = fork(await oneFile('flooded-agent.ts'), [temporaryFolder()], {
    execArgv: [...heapOptions, '--max-old-space-size=96', '--expose-gc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [{ url }] = await once(child, 'message');
  const port = Number(new URL(url).port);
  // Each on a connection of its own: a busy machine is late, and asks on one that the agent is about to close as idle.
  const headers = { connection: 'close' };
  const ask = (path: string) => fetch(`${url}${path}`, { headers });
  return { url: url as string, port, ask, child };
}

interface Figures {
  recorded: number;
  keptKiB: number;
  /** The most that was ever resident. */
  peakKiB: number;
}

/** Also whether memory stayed bounded. */
async function measured(child: ChildProcess): Promise<Figures> {
  child.send('measure');
  const [figures] = (await once(child, 'message')) as [Figures];
  expect(figures.keptKiB).toBeLessThan(64 * 1024);
  expect(figures.peakKiB).toBeLessThan(200 * 1024);
  if (process.env.OOMWATCHER_FIGURES) console.log(figures);
  return figures;
}

function open(port: number): Socket {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  onTestFinished(() => void socket.destroy());
  return socket;
}

const paths = ['/api/v1/kills', '/metrics', '/api/v1/index', '/', '/api/v1/status'];
const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
const pipelined = (count: number) =>
  Array.from({ length: count }, (_, i) => request(paths[i % paths.length] as string)).join('');

/** Reads, and counts the answers. */
function readAll(socket: Socket): () => number {
  let answers = 0;
  socket.on('data', (chunk: Buffer) => {
    answers += chunk.toString('latin1').split('HTTP/1.1 200 OK').length - 1;
  });
  return () => answers;
}

const connections = 200;
const requests = 2000;

test('a flood of pipelined requests: who asks for health is answered before the flood', {
  timeout: 600_000,
}, async () => {
  const { port, ask, child } = await agent();
  const counts = Array.from({ length: connections }, () => {
    const socket = open(port);
    socket.write(pipelined(requests));
    return readAll(socket);
  });
  const answered = () => counts.reduce((sum, count) => sum + count(), 0);
  await expect.poll(answered, { timeout: 300_000 }).toBeGreaterThan(0);
  const meanwhile: number[] = [];
  for (let i = 0; i < 20; i++) {
    const before = answered();
    expect((await ask('/healthz')).status).toBe(200);
    meanwhile.push(answered() - before);
  }
  // An answer a turn; a new connection takes some turns to be accepted and read. While this process waits for a processor
  // the agent may answer more: the fewest count.
  expect(Math.min(...meanwhile)).toBeLessThan(connections);
  expect(answered()).toBeLessThan(connections * requests);
  await measured(child);
});

test('a flood that nobody reads is not computed, and a slow reader keeps nobody out', {
  timeout: 600_000,
}, async () => {
  const { port, ask, child } = await agent();
  const sockets = Array.from({ length: connections }, () => {
    const socket = open(port).pause();
    socket.write(pipelined(requests));
    return socket;
  });
  const slow = Array.from({ length: 20 }, () => {
    const socket = open(port);
    socket.write(request('/api/v1/kills'));
    socket.on('readable', () => setTimeout(() => socket.read(64), 200));
    return socket;
  });
  const dribbling = Array.from({ length: 20 }, () => {
    const socket = open(port);
    const timer = setInterval(() => socket.write('G'), 200);
    onTestFinished(() => clearInterval(timer));
    return socket;
  });
  for (let i = 0; i < 20; i++) {
    expect((await ask('/healthz')).status).toBe(200);
    await sleep(50);
  }
  expect((await ask('/metrics')).status).toBe(200);
  await measured(child);
  for (const socket of [...sockets, ...slow, ...dribbling]) socket.destroy();
});

test('10,000 connects, in bursts: health is answered, every kill is reported, memory is bounded', {
  timeout: 600_000,
}, async () => {
  const { url, port, ask, child } = await agent();
  const reported = new Set<number>();
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const follow = async () => {
    for (let after = 1000; !abort.signal.aborted; after = Math.max(after, ...reported)) {
      const answer = await fetch(`${url}/api/v1/events?after=${after}`, { signal: abort.signal });
      const decoder = new TextDecoder();
      let unread = '';
      try {
        for await (const chunk of answer.body ?? []) {
          // An event may come in two pieces.
          const text = unread + decoder.decode(chunk as Uint8Array, { stream: true });
          unread = text.slice(text.lastIndexOf('\n\n') + 1);
          for (const [, id] of text.matchAll(/id: (\d+)\nevent: kill/g)) reported.add(Number(id));
        }
      } catch {
        // Closed for another: it goes on where it was.
      }
    }
  };
  const following = follow().catch(() => {});
  for (let burst = 0; burst < 20; burst++) {
    const sockets = Array.from({ length: 500 }, (_, i) => {
      const socket = open(port);
      if (i % 2 === 0) socket.write('GET / HT');
      return socket;
    });
    expect((await ask('/healthz')).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  }
  const { recorded } = await measured(child);
  expect(recorded).toBeGreaterThan(1000);
  await expect.poll(() => reported.size).toBe(recorded - 1000);
  abort.abort();
  await following;
});
