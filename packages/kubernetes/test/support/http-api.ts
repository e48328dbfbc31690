import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../../../kmsg/test/support/temporary.js';

export interface StoredEvent {
  metadata: { name: string; namespace: string };
  involvedObject: { kind: string; name: string; uid: string };
  message: string;
  count: number;
}

export interface Asked {
  method: string;
  /** With the query. */
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
  /** Since this machine's start. */
  atMs: number;
}

/** Answers by itself; false: the server is to do it. */
export type Meddler = (asked: Asked, response: ServerResponse) => boolean;

/** An API server over real sockets: one node, pods, events. What it does to a request, a test may do in its place. */
export class HttpApi {
  readonly node = { name: 'n1', uid: 'node-uid' };
  readonly events = new Map<string, StoredEvent>();
  /** Pods as the API server gives them. */
  pods: object[] = [];
  readonly asked: Asked[] = [];
  meddle: Meddler = () => false;
  readonly #server: Server;
  readonly #watches = new Set<ServerResponse>();
  #version = 1;

  /** Ended when the test is. */
  static async start(): Promise<HttpApi> {
    const api = new HttpApi();
    await new Promise<void>((resolve) => api.#server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => api.end());
    return api;
  }

  private constructor() {
    this.#server = createServer((request, response) => {
      response.on('error', () => {});
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => this.#handle(request, response, Buffer.concat(chunks).toString()));
    });
    this.#server.on('clientError', (_, socket) => socket.destroy());
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The path of one for this server. */
  kubeconfig(user: object = { token: 'the-token-of-the-agent' }): string {
    const file = join(temporaryFolder(), 'kubeconfig');
    writeFileSync(
      file,
      JSON.stringify({
        clusters: [{ name: 'c', cluster: { server: this.url, 'insecure-skip-tls-verify': true } }],
        users: [{ name: 'u', user }],
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
        'current-context': 'x',
      }),
    );
    return file;
  }

  count(method: string, part = ''): number {
    return this.asked.filter((each) => each.method === method && each.path.includes(part)).length;
  }

  /** Kills that the events of this kind of object report. */
  total(kind: string, namespace?: string): number {
    return [...this.events.values()]
      .filter(({ involvedObject }) => involvedObject.kind === kind)
      .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
      .reduce((sum, { count }) => sum + count, 0);
  }

  /** Does to a request what the real one does. */
  serve({ method, path, body }: Asked, response: ServerResponse): void {
    const url = new URL(path, 'http://server');
    if (method === 'POST' || method === 'PATCH') return this.#write(method, url, body, response);
    if (url.pathname.startsWith('/api/v1/nodes/')) {
      const known = url.pathname.endsWith(`/${this.node.name}`);
      if (!known) return no(response, 404, { details: { kind: 'nodes' } });
      return json(response, 200, { kind: 'Node', apiVersion: 'v1', metadata: this.node });
    }
    if (url.searchParams.get('watch') === 'true') {
      this.#watches.add(response);
      response.on('close', () => this.#watches.delete(response));
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      return;
    }
    const limit = Number(url.searchParams.get('limit') ?? 500);
    const from = Number(url.searchParams.get('continue') ?? 0);
    const isLast = from + limit >= this.pods.length;
    json(response, 200, {
      kind: 'PodList',
      apiVersion: 'v1',
      metadata: {
        resourceVersion: `${this.#version}`,
        ...(!isLast && { continue: `${from + limit}` }),
      },
      items: this.pods.slice(from, from + limit),
    });
  }

  /** What the answer would be; `does`: and the server has done it, though nobody hears of it. */
  answerTo(asked: Asked, does: boolean): { status: number; body: unknown } {
    const before = new Map(this.events);
    let reported = { status: 0, body: undefined as unknown };
    const listener = {
      on: () => listener,
      writeHead(status: number) {
        reported.status = status;
        return listener;
      },
      flushHeaders: () => {},
      end: (text: string) => {
        reported = { ...reported, body: JSON.parse(text) };
      },
    };
    this.serve(asked, listener as unknown as ServerResponse);
    this.#watches.delete(listener as unknown as ServerResponse);
    if (!does) {
      this.events.clear();
      for (const [key, event] of before) this.events.set(key, event);
    }
    return reported;
  }

  /** To all who watch. */
  report(type: string, object: object): void {
    this.#version++;
    for (const watch of this.#watches) watch.write(`${JSON.stringify({ type, object })}\n`);
  }

  endWatches(): void {
    for (const watch of this.#watches) watch.end();
  }

  cutWatches(): void {
    for (const watch of this.#watches) watch.destroy();
  }

  async end(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #handle(request: IncomingMessage, response: ServerResponse, body: string): void {
    const { method = '', url: path = '', headers } = request;
    const asked = { method, path, headers, body, atMs: performance.now() };
    this.asked.push(asked);
    if (!this.meddle(asked, response)) this.serve(asked, response);
  }

  #write(method: string, { pathname }: URL, body: string, response: ServerResponse): void {
    const sent = JSON.parse(body) as StoredEvent;
    const key = method === 'POST' ? `${pathname}/${sent.metadata.name}` : pathname;
    const there = this.events.get(key);
    if (method === 'POST') {
      if (there !== undefined) return no(response, 409, { reason: 'AlreadyExists' });
      this.events.set(key, sent);
      return json(response, 201, sent);
    }
    if (there === undefined) return no(response, 404, { details: { kind: 'events' } });
    const changed = { ...there, ...sent };
    this.events.set(key, changed);
    json(response, 200, changed);
  }
}

export function json(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** The API server's own word. */
export function no(response: ServerResponse, code: number, more: object = {}, headers = {}): void {
  json(response, code, { kind: 'Status', apiVersion: 'v1', code, ...more }, headers);
}

/** A pod as the API server gives it, with one container. */
export function apiPod(uid: string, more: { namespace?: string; name?: string } = {}): object {
  const { namespace = 'shop', name = `pod-${uid}` } = more;
  const containerID = `containerd://${uid}-app`;
  return {
    metadata: { uid, namespace, name, resourceVersion: '1' },
    status: { containerStatuses: [{ name: 'app', containerID }] },
  };
}
