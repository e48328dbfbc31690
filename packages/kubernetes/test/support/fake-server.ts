import type { ApiClient, ApiRequest, ApiResponse } from '../../src/client.js';
import { TransportError } from '../../src/client.js';

export interface FakeEvent {
  kind: 'Event';
  metadata: { name: string; namespace: string };
  involvedObject: { kind: string; name: string; uid: string; fieldPath?: string };
  message: string;
  count: number;
}

export type Fault = 'lost request' | 'lost answer' | number;

/** An API server in memory: events, one node, no pods. Does what the real one does with these requests. */
export class FakeServer {
  readonly events = new Map<string, FakeEvent>();
  readonly requests: ApiRequest[] = [];
  nodeUid: string | undefined = 'node-uid';
  /** Asked for every request that writes. */
  fault: (request: ApiRequest) => Fault | undefined = () => undefined;

  /** What the sink gets instead of a client. */
  get client(): ApiClient {
    return { request: (request: ApiRequest) => this.#request(request) } as unknown as ApiClient;
  }

  /** Kills that the events of an object report. */
  total(kind: string): number {
    return [...this.events.values()]
      .filter(({ involvedObject }) => involvedObject.kind === kind)
      .reduce((sum, { count }) => sum + count, 0);
  }

  async #request(request: ApiRequest): Promise<ApiResponse> {
    this.requests.push(request);
    await new Promise(setImmediate);
    request.signal?.throwIfAborted();
    if (request.method === 'GET') {
      if (this.nodeUid === undefined) return no(404, { details: { kind: 'nodes' } });
      const name = decodeURIComponent(request.path.split('/').at(-1) ?? '');
      return yes(200, { kind: 'Node', metadata: { name, uid: this.nodeUid } });
    }
    const fault = this.fault(request);
    if (fault === 'lost request') throw new TransportError('lost', 'ECONNRESET');
    if (typeof fault === 'number') return no(fault, { message: 'fault' });
    const response = this.#write(request);
    if (fault === 'lost answer') throw new TransportError('lost', 'ECONNRESET');
    return response;
  }

  #write({ method, path, body }: ApiRequest): ApiResponse {
    const sent = body as FakeEvent;
    const key = method === 'POST' ? `${path}/${sent.metadata.name}` : path;
    const there = this.events.get(key);
    if (method === 'POST') {
      if (there !== undefined) return no(409, { reason: 'AlreadyExists' });
      this.events.set(key, sent);
      return yes(201, sent);
    }
    if (there === undefined) return no(404, { details: { kind: 'events' } });
    this.events.set(key, { ...there, ...sent });
    return yes(200, there);
  }
}

const contentType = 'application/json';

function yes(status: number, body: object): ApiResponse {
  return { status, body, contentType };
}

/** The API server's own word. */
export function no(status: number, more: object = {}): ApiResponse {
  return { status, body: { kind: 'Status', apiVersion: 'v1', code: status, ...more }, contentType };
}
