import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from '@oomwatcher/test/agent';

const connections = 200;
const requestsEach = 2000;
const connects = 10_000;
const connectsAtOnce = 500;
const betweenMs = 20;

/** How long whoever asks whether the agent is alive waits, while others ask for everything else. */
export interface FloodResult {
  what: string;
  asked: number;
  medianMs: number;
  maxMs: number;
}

export interface Floods {
  healthz: FloodResult[];
  /** The most that was resident, MiB. */
  peakMiB: number;
}

/** @param seconds for each kind of flood */
export async function flood(seconds: number): Promise<Floods> {
  const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-flood-'));
  await using agent = await Agent.watching([
    ...['run', '--json', '--from', 'boot', '--state-dir', folder],
    ...['--listen', '127.0.0.1:0'],
  ]);
  const url = await agent.until('says where its page is', () => agent.notices('dashboard')[0]?.url);
  const port = Number(new URL(String(url)).port);
  try {
    const healthz = [
      await during(port, 'answers that are read', seconds, () =>
        flooding(port, (socket) => void socket.resume()),
      ),
      await during(port, 'answers that nobody reads', seconds, () =>
        flooding(port, (socket) => void socket.pause()),
      ),
      await during(port, 'answers that are read slowly', seconds, () =>
        flooding(port, (socket) =>
          socket.on('readable', () => setTimeout(() => socket.read(64), 200)),
        ),
      ),
      await during(port, 'requests that are written slowly', seconds, () =>
        Array.from({ length: connections }, () => dribbling(port)),
      ),
      await duringConnects(port),
    ];
    const [, peakKiB] =
      /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${agent.pid}/status`, 'latin1')) ?? [];
    return { healthz, peakMiB: Number(peakKiB) / 1024 };
  } finally {
    await agent.stop();
    rmSync(folder, { recursive: true });
  }
}

async function during(
  port: number,
  what: string,
  seconds: number,
  begin: () => Socket[],
): Promise<FloodResult> {
  const sockets = begin();
  const waits: number[] = [];
  const endMs = performance.now() + seconds * 1000;
  while (performance.now() < endMs) {
    waits.push(await healthMs(port));
    await sleep(betweenMs);
  }
  for (const socket of sockets) socket.destroy();
  return { what, ...figuresOf(waits) };
}

async function duringConnects(port: number): Promise<FloodResult> {
  const waits: number[] = [];
  for (let made = 0; made < connects; made += connectsAtOnce) {
    const sockets = Array.from({ length: connectsAtOnce }, () => open(port));
    waits.push(await healthMs(port));
    for (const socket of sockets) socket.destroy();
  }
  return { what: `${connects} connects`, ...figuresOf(waits) };
}

function figuresOf(waits: readonly number[]): Omit<FloodResult, 'what'> {
  const sorted = waits.toSorted((a, b) => a - b);
  return {
    asked: sorted.length,
    medianMs: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    maxMs: sorted.at(-1) ?? Number.NaN,
  };
}

const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
const paths = ['/api/v1/kills', '/metrics', '/api/v1/index', '/', '/api/v1/status'];

function flooding(port: number, read: (socket: Socket) => void): Socket[] {
  const pipelined = Array.from({ length: requestsEach }, (_, i) =>
    request(paths[i % paths.length] as string),
  ).join('');
  return Array.from({ length: connections }, () => {
    const socket = open(port);
    socket.write(pipelined);
    read(socket);
    return socket;
  });
}

function dribbling(port: number): Socket {
  const socket = open(port);
  const timer = setInterval(() => socket.write('G'), 200);
  return socket.on('close', () => clearInterval(timer));
}

function open(port: number): Socket {
  return connect(port, '127.0.0.1').on('error', () => {});
}

async function healthMs(port: number): Promise<number> {
  const startMs = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = open(port);
  socket.on('data', (chunk: Buffer) =>
    chunk.toString('latin1').startsWith('HTTP/1.1 200') ? resolve() : reject(new Error(`${chunk}`)),
  );
  socket.on('close', () => reject(new Error('health got no answer')));
  socket.write(request('/healthz'));
  await promise;
  socket.destroy();
  return performance.now() - startMs;
}
