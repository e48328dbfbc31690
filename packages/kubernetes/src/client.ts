import { createHash } from 'node:crypto';
import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { printable } from '@oomwatcher/explain';

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PATCH';
  /** With the query. */
  path: string;
  body?: unknown;
  contentType?: string;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
}

/** Any answer of the server, also one that says no. */
export interface ApiResponse {
  status: number;
  body: unknown;
  /** How long the server wants to be left alone. */
  retryAfterMs?: number;
}

/** The server did not answer, or not to the end. The message is one sentence. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: string | undefined;

  constructor(message: string, code: string | undefined, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const defaultTimeoutMs = 10_000;

/** A list of all pods of a node has some megabytes; nobody else may fill the memory. */
const mostBodyBytes = 64 * 1024 * 1024;

/** One watch event is one pod; etcd takes no object above 1.5 MiB. */
const mostLineBytes = 8 * 1024 * 1024;

/** Two for requests, one for the watch, one that is being replaced. */
const mostSockets = 4;

/**
 * Requests to the API server, over node:https: who and where comes from the client library's KubeConfig, which also
 * knows exec plug-ins, OIDC and rotated tokens. Its own request layer makes a new connection pool for every request
 * (2.0.1, `applySecurityAuthentication`), a TLS handshake each.
 */
export class ApiClient {
  readonly #load: () => KubeConfig;
  readonly #userAgent: string;
  #config: KubeConfig;
  #pool: { key: string; agent: http.Agent } | undefined;

  /**
   * @param load reads the configuration, again when the server has refused it
   * @param version the agent's, which the server's audit log shows
   */
  constructor(load: () => KubeConfig, version: string) {
    this.#load = load;
    this.#userAgent = `oomwatcher/${version}`;
    this.#config = load();
  }

  get server(): string {
    return this.#config.getCurrentCluster()?.server ?? '';
  }

  /** @throws TransportError */
  async request(request: ApiRequest): Promise<ApiResponse> {
    const { timeoutMs = defaultTimeoutMs, signal } = request;
    const limit = AbortSignal.timeout(timeoutMs);
    const either = signal === undefined ? limit : AbortSignal.any([signal, limit]);
    try {
      const response = await this.#send(request, either);
      const body = parse(await text(response), response);
      const status = response.statusCode ?? 0;
      if (status === 401) this.#reload();
      const retryAfterMs = retryAfter(response.headers['retry-after']);
      return { status, body, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    } catch (error) {
      throw this.#transportError(error, limit.aborted ? timeoutMs : undefined);
    }
  }

  /**
   * The objects of a streamed answer, one a line, until the server ends it. Another status than 200 is the first and
   * only one of them, as Kubernetes' own Status object.
   *
   * @throws TransportError
   */
  async *stream(path: string, signal: AbortSignal): AsyncGenerator<unknown> {
    try {
      const response = await this.#send({ method: 'GET', path }, signal);
      if (response.statusCode !== 200) {
        if (response.statusCode === 401) this.#reload();
        yield { type: 'ERROR', object: parse(await text(response), response) };
        return;
      }
      yield* lines(response);
    } catch (error) {
      throw this.#transportError(error, undefined);
    }
  }

  close(): void {
    this.#pool?.agent.destroy();
  }

  async #send(request: ApiRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const url = new URL(`${this.server.replace(/\/$/, '')}${request.path}`);
    const secure: https.RequestOptions = { headers: {} };
    await this.#config.applyToHTTPSOptions(secure);
    signal.throwIfAborted();
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const headers: OutgoingHttpHeaders = {
      ...(secure.headers as OutgoingHttpHeaders),
      accept: 'application/json',
      'user-agent': this.#userAgent,
      ...(body !== undefined && {
        'content-type': request.contentType ?? 'application/json',
        'content-length': Buffer.byteLength(body),
      }),
    };
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const transport = url.protocol === 'http:' ? http : https;
    transport
      .request(
        url,
        {
          method: request.method,
          headers,
          signal,
          agent: this.#agent(secure),
          ...(secure.auth && { auth: secure.auth }),
        },
        resolve,
      )
      .on('error', reject)
      .end(body);
    return promise;
  }

  /** Connections are kept; certificates that were rotated make new ones. */
  #agent(secure: https.RequestOptions): http.Agent {
    const cluster = this.#config.getCurrentCluster();
    // A proxy that the kubeconfig names, SOCKS too; and http, which the library allows only where it is asked for.
    if (cluster?.proxyUrl || cluster?.server.startsWith('http:')) return secure.agent as http.Agent;
    const { ca, cert, key, rejectUnauthorized, servername } = secure;
    const hash = createHash('sha256');
    for (const part of [ca, cert, key]) hash.update(String(part ?? '')).update('\0');
    const poolKey = `${hash.digest('hex')} ${rejectUnauthorized} ${servername}`;
    if (this.#pool?.key !== poolKey) {
      this.#pool?.agent.destroy();
      const agent = new https.Agent({
        keepAlive: true,
        maxSockets: mostSockets,
        // HTTPS_PROXY and NO_PROXY, as other programs in a cluster read them; from Node 22.21 on.
        proxyEnv: process.env,
        ...(ca !== undefined && { ca }),
        ...(cert !== undefined && { cert }),
        ...(key !== undefined && { key }),
        ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
        ...(servername !== undefined && { servername }),
      });
      this.#pool = { key: poolKey, agent };
    }
    return this.#pool.agent;
  }

  /** What is wrong with the configuration by now is known already: the server refuses it. */
  #reload(): void {
    try {
      this.#config = this.#load();
    } catch {
      // The old one is tried on.
    }
  }

  #transportError(error: unknown, timedOutMs: number | undefined): unknown {
    if (error instanceof TransportError || !(error instanceof Error)) return error;
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      timedOutMs === undefined
        ? printable(message || code || error.name)
        : `no answer in ${timedOutMs / 1000} s`;
    return new TransportError(
      `the Kubernetes API server ${this.server} does not answer (${why})`,
      code,
      error,
    );
  }
}

async function text(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += (chunk as Buffer).length;
    if (bytes > mostBodyBytes) throw new Error(`an answer of more than ${mostBodyBytes} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}

async function* lines(response: IncomingMessage): AsyncGenerator<unknown> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of response) {
    const bytes = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      yield parse(bytes.toString('utf8', start, end), response);
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > mostLineBytes) throw new Error(`a line of more than ${mostLineBytes} bytes`);
  }
}

/** Something that is not JSON from a server that speaks it was cut, or comes from another server in between. */
function parse(body: string, { headers, statusCode }: IncomingMessage): unknown {
  if (!headers['content-type']?.startsWith('application/json'))
    return { message: body.slice(0, 200) };
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new Error(`an answer (${statusCode}) that is cut`, { cause: error });
  }
}

function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
