import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { get, Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { agentWithPage, fillJournal, podKills } from './support/dashboard.ts';
import { builtAgent, kernelLog, needs } from './support/needs.ts';
import { residentBytes } from './support/process-usage.ts';

const connections = 1000;

/** What the agent itself keeps must fit in here, or it dies of it; a garbage collector without a bound takes its time. */
const heapMiB = 64;

/** Of what the agent has while nobody asks: the heap, which may be full once, and answers that wait for their readers. */
const maxMoreBytes = (heapMiB + 32) * 1024 * 1024;

/** Followers of events may stay: what they do not read lies in their own buffers. */
const maxFollowers = 32;

/** What a client may do to an agent: say nothing, dribble, ask and not read, send junk. */
const attacks: ((socket: Socket, port: number) => void)[] = [
  () => {},
  (socket) => socket.write('GET / HTTP/1.1\r\nHost: 127.'),
  (socket) => {
    socket.write('GET /api/v1/kills HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'.repeat(20));
    socket.pause();
  },
  (socket) => {
    socket.write('GET /api/v1/events?after=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    socket.pause();
  },
  (socket) => socket.write(`POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1e9\r\n\r\nx`),
  (socket) => socket.write(Buffer.alloc(60_000, 0xff)),
];

needs(builtAgent, kernelLog).it(
  'an agent under a thousand bad connections stays small, serves others, and is rid of them again',
  async () => {
    const folder = temporaryFolder();
    fillJournal(folder, podKills(5000));
    const { agent, url } = await agentWithPage(folder, '127.0.0.1:0', [], {
      env: { NODE_OPTIONS: `--max-old-space-size=${heapMiB}` },
    });
    await using _ = agent;
    const port = Number(new URL(url).port);
    const asked = async () => {
      const answers = await Promise.all(
        ['/healthz', '/metrics', '/api/v1/index', '/'].map((path) => served(`${url}${path}`)),
      );
      expect(answers).toEqual([200, 200, 200, 200]);
    };
    for (let i = 0; i < 10; i++) await asked();
    const before = { bytes: residentBytes(agent.pid), sockets: openSockets(agent.pid) };
    const sockets: Socket[] = [];
    let maxBytes = 0;
    for (let i = 0; i < connections; i++) {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      sockets.push(socket);
      socket.once('connect', () => attacks[i % attacks.length]?.(socket, port));
      if (i % 50 !== 0) continue;
      await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
      await asked();
      maxBytes = Math.max(maxBytes, residentBytes(agent.pid));
    }
    expect(maxBytes - before.bytes).toBeLessThan(maxMoreBytes);
    // They never let go by themselves.
    const maxLeft = before.sockets + maxFollowers;
    const deadline = Date.now() + 300_000;
    while (openSockets(agent.pid) > maxLeft && Date.now() < deadline) await sleep(500);
    expect(openSockets(agent.pid)).toBeLessThanOrEqual(maxLeft);
    await asked();
    for (const socket of sockets) socket.destroy();
    expect(await agent.stop()).toEqual({ code: 0, signal: null });
  },
);

function openSockets(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).filter((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith('socket:');
    } catch {
      return false;
    }
  }).length;
}

/** As a browser has them; not fetch(), which loses an answer that it has whole when the connection is closed behind it. */
const kept = new HttpAgent({ keepAlive: true });

/** The oldest idle connection makes room, and may be this client's before it has asked: it asks again, as browsers do. */
async function served(url: string): Promise<number | undefined> {
  for (let attempt = 1; ; attempt++) {
    const request = get(url, { agent: kept, headers: { 'accept-encoding': 'gzip' } });
    let answer: IncomingMessage;
    try {
      [answer] = await once(request, 'response');
    } catch (error) {
      if (attempt === 50) throw error;
      await sleep(20);
      continue;
    }
    request.on('error', () => {}); // the answer's own error, too
    await text(answer);
    return answer.statusCode;
  }
}
