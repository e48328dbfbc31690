import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request, type Server } from 'node:https';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../free-ports.ts';
import type { ApiServer } from './api-server.ts';

/** What happens to one request instead of its being passed on, or with its answer. */
export type Fault =
  /** The proxy answers by itself; the server does not see the request. */
  | { kind: 'answer'; status: number; headers?: Record<string, string> }
  /** The connection is reset before the server sees the request. */
  | { kind: 'reset' }
  /** The server has done it, and the connection is reset before its answer. */
  | { kind: 'lost answer' }
  /** The server has done it; half of its answer arrives. */
  | { kind: 'cut' }
  /** The request waits, then is passed on. */
  | { kind: 'delay'; ms: number }
  /** Nothing ever comes back. */
  | { kind: 'silence' };

export interface Passed {
  method: string;
  /** With the query. */
  path: string;
  atMs: number;
}

/** Stands between an agent and the API server, and does to requests what networks and servers do. */
export class FaultProxy implements AsyncDisposable {
  /** Every request that arrived, whatever became of it. */
  readonly requests: Passed[] = [];
  /** Asked for every request; undefined: it is passed on unharmed. */
  fault: (request: Passed) => Fault | undefined = () => undefined;
  readonly #upstream: string;
  readonly #agent: Agent;
  readonly #server: Server;
  /** By the client's port: a TLS socket cannot be reset, what it lies on can. */
  readonly #sockets = new Map<number, Socket>();
  readonly #port: number;
  #silent = false;

  static async start(upstream: ApiServer): Promise<FaultProxy> {
    const [port = 0] = await freePorts(1);
    const proxy = new FaultProxy(upstream, port);
    await proxy.comeBack();
    return proxy;
  }

  private constructor({ url, certificates: { ca, server } }: ApiServer, port: number) {
    this.#port = port;
    this.#upstream = url;
    this.#agent = new Agent({ keepAlive: true, ca: readFileSync(ca) });
    this.#server = createServer(
      { cert: readFileSync(server.certificate), key: readFileSync(server.key) },
      (from, to) => void this.#handle(from, to),
    );
    this.#server.on('connection', (duplex) => {
      const socket = duplex as Socket;
      const port = socket.remotePort ?? 0;
      this.#sockets.set(port, socket);
      socket.on('error', () => {}).on('close', () => this.#sockets.delete(port));
    });
  }

  get url(): string {
    return `https://127.0.0.1:${this.#port}`;
  }

  /** Requests of one kind so far. */
  count(method: string, pathPart = ''): number {
    return this.requests.filter((r) => r.method === method && r.path.includes(pathPart)).length;
  }

  /** Connections are refused and the open ones reset. */
  async goAway(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets.values()) socket.resetAndDestroy();
    await closed;
  }

  /** Listens again, where it did before. */
  async comeBack(): Promise<void> {
    await once(this.#server.listen(this.#port, '127.0.0.1'), 'listening');
  }

  /** Open connections stay open and nothing comes over them any more, as when a firewall has forgotten them. */
  fallSilent(): void {
    this.#silent = true;
  }

  /** New requests are answered again; what was silent stays so. */
  speakAgain(): void {
    this.#silent = false;
  }

  async #handle(from: IncomingMessage, to: ServerResponse): Promise<void> {
    from.on('error', () => {});
    to.on('error', () => {});
    const passed = { method: from.method ?? '', path: from.url ?? '', atMs: Date.now() };
    this.requests.push(passed);
    const fault = this.#silent ? { kind: 'silence' as const } : this.fault(passed);
    switch (fault?.kind) {
      case 'answer': {
        const { status, headers } = fault;
        to.writeHead(status, { 'content-type': 'application/json', ...headers });
        to.end(
          JSON.stringify({ kind: 'Status', apiVersion: 'v1', code: status, message: 'fault' }),
        );
        return;
      }
      case 'reset':
        this.#reset(from);
        return;
      case 'silence':
        return;
      case 'delay':
        await sleep(fault.ms);
        break;
    }
    this.#pass(from, to, fault?.kind);
  }

  #pass(from: IncomingMessage, to: ServerResponse, fault: Fault['kind'] | undefined): void {
    const options = { method: from.method, agent: this.#agent, headers: from.headers };
    const upstream = request(`${this.#upstream}${from.url}`, options, (answer) => {
      if (fault === 'lost answer') {
        answer.resume().on('end', () => this.#reset(from));
        return;
      }
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', () => to.destroy());
      if (fault === 'cut') {
        answer.once('data', (chunk: Buffer) => {
          answer.pause();
          to.write(chunk.subarray(0, chunk.length / 2), () => this.#reset(from));
        });
        return;
      }
      answer.on('data', (chunk: Buffer) => this.#silent || to.write(chunk));
      answer.on('end', () => this.#silent || to.end());
    });
    upstream.on('error', () => from.socket.destroy());
    to.on('close', () => upstream.destroy());
    from.pipe(upstream);
  }

  #reset({ socket }: IncomingMessage): void {
    this.#sockets.get(socket.remotePort ?? 0)?.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy();
    if (this.#server.listening) await this.goAway();
  }
}
