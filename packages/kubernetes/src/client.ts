import { createHash } from 'node:crypto';
import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { printable } from '@oomwatcher/explain';
import { lines, type StreamBounds, TooLarge, text } from './body.js';
import { Credentials, CredentialsError } from './credentials.js';
import { Secrets } from './secrets.js';

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PATCH';
  /** With the query. */
  path: string;
  body?: unknown;
  contentType?: string;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  /** Of the answer, by what it is for; default 2 MiB, for etcd takes no object above 1.5. */
  maxBytes?: number;
}

/** Any answer, also one that says no, and of whoever. */
export interface ApiResponse {
  status: number;
  /** What its JSON says; undefined: it is not JSON. */
  body: unknown;
  /** Of the body, for people. */
  contentType: string;
  /** How long the server wants to be left alone. */
  retryAfterMs?: number;
}

/** A watch that was answered, or the answer that is none. */
export type Watch = { lines: AsyncGenerator<unknown> } | { refused: ApiResponse };

/** The server did not answer, or not to the end. The message is one sentence. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: string | undefined;
  /** How long the server wants to be left alone. */
  readonly afterMs: number | undefined;

  constructor(message: string, code: string | undefined, afterMs?: number) {
    super(message);
    this.code = code;
    this.afterMs = afterMs;
  }
}

/** More came than what was asked for can have. */
export const tooLarge = 'ERR_BODY_TOO_LARGE';

const defaultTimeoutMs = 10_000;
const defaultMaxBytes = 2 * 1024 * 1024;

/** A Status has some hundred bytes. */
const maxRefusalBytes = 64 * 1024;

/** What a library or another server says of an error. */
const maxErrorLength = 300;

/** One line is one pod. Some hundred pods change rarely; a server that sends more is made to wait. */
const watchBounds: StreamBounds = {
  maxLineBytes: 4 * 1024 * 1024,
  burstBytes: 8 * 1024 * 1024,
  bytesPerSecond: 1024 * 1024,
};

/** Two for requests, one for the watch, one that is being replaced. */
const maxSockets = 4;

/**
 * Requests to the API server, over node:https: who and where comes from the client library's KubeConfig, which also
 * knows exec plug-ins, OIDC and rotated tokens. Its own request layer makes a new connection pool for every request
 * (2.0.1, `applySecurityAuthentication`), a TLS handshake each.
 */
export class ApiClient {
  readonly #load: () => KubeConfig;
  readonly #userAgent: string;
  readonly #secrets = new Secrets();
  #config: KubeConfig;
  #credentials: Credentials;
  #pool: { key: string; agent: http.Agent } | undefined;

  /**
   * @param load reads the configuration, again when the server has refused it
   * @param version the agent's, which the server's audit log shows
   */
  constructor(load: () => KubeConfig, version: string) {
    this.#load = load;
    this.#userAgent = `oomwatcher/${version}`;
    this.#config = load();
    this.#credentials = new Credentials(this.#config, this.#secrets);
  }

  /** Its address, for people: a kubeconfig may have a password in it. */
  get server(): string {
    const { protocol, host, pathname } = new URL(this.#server);
    return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
  }

  /** @throws TransportError */
  async request(request: ApiRequest): Promise<ApiResponse> {
    const { timeoutMs = defaultTimeoutMs, signal, maxBytes = defaultMaxBytes } = request;
    const limit = AbortSignal.timeout(timeoutMs);
    const either = signal === undefined ? limit : AbortSignal.any([signal, limit]);
    try {
      return await this.#answer(await this.#send(request, either), maxBytes);
    } catch (error) {
      throw this.#transportError(error, limit.aborted ? timeoutMs : undefined);
    }
  }

  /**
   * A watch, as soon as it is answered: its lines' objects come until the server ends it.
   *
   * @throws TransportError, also while the lines come
   */
  async watch(path: string, signal: AbortSignal, timeoutMs = defaultTimeoutMs): Promise<Watch> {
    const late = new AbortController();
    const limit = setTimeout(() => late.abort(), timeoutMs);
    try {
      const either = AbortSignal.any([signal, late.signal]);
      const response = await this.#send({ method: 'GET', path }, either);
      const isWatch = response.statusCode === 200 && isJson(response);
      if (isWatch) return { lines: this.#objects(response) };
      return { refused: await this.#answer(response, maxRefusalBytes) };
    } catch (error) {
      throw this.#transportError(error, late.signal.aborted ? timeoutMs : undefined);
    } finally {
      clearTimeout(limit);
    }
  }

  /** A sentence that may quote what somebody answered, without the agent's secrets. */
  conceal(sentence: string): string {
    return this.#secrets.conceal(sentence);
  }

  /** Nothing is open any more; a later request opens it anew. */
  close(): void {
    this.#credentials.close();
    this.#credentials = new Credentials(this.#config, this.#secrets);
    this.#pool?.agent.destroy();
    this.#pool = undefined;
  }

  get #server(): string {
    return this.#config.getCurrentCluster()?.server ?? '';
  }

  async #answer(response: IncomingMessage, maxBytes: number): Promise<ApiResponse> {
    const status = response.statusCode ?? 0;
    if (status === 401) this.#reload();
    const retryAfterMs = retryAfter(response.headers['retry-after']);
    const contentType = this.#shown(response.headers['content-type'] ?? 'no content type');
    return {
      status,
      contentType,
      body: await this.#body(response, maxBytes),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  }

  async #body(response: IncomingMessage, maxBytes: number): Promise<unknown> {
    const isRefusal = (response.statusCode ?? 0) >= 300;
    try {
      const body = await text(response, isRefusal ? maxRefusalBytes : maxBytes);
      return isJson(response) ? this.#parse(body, response) : undefined;
    } catch (error) {
      // Its status says enough, and a page of a proxy may be of any length.
      if (isRefusal && error instanceof TooLarge) return undefined;
      throw error;
    }
  }

  async *#objects(response: IncomingMessage): AsyncGenerator<unknown> {
    try {
      for await (const line of lines(response, watchBounds)) yield this.#parse(line, response);
    } catch (error) {
      throw this.#transportError(error, undefined);
    }
  }

  /** Something that is not JSON from a server that speaks it was cut. */
  #parse(body: string, { statusCode = 0 }: IncomingMessage): unknown {
    try {
      return JSON.parse(body);
    } catch {
      throw new Error(`an answer (${statusCode}) that is cut`);
    }
  }

  async #send(request: ApiRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const url = new URL(`${this.#server.replace(/\/$/, '')}${request.path}`);
    const secure = await this.#credentials.options(signal);
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
        maxSockets: maxSockets,
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
      this.#credentials.close();
      this.#credentials = new Credentials(this.#config, this.#secrets);
    } catch {
      // The old one is tried on.
    }
  }

  #transportError(error: unknown, timedOutMs: number | undefined): unknown {
    if (error instanceof TransportError || !(error instanceof Error)) return error;
    if (error instanceof CredentialsError) return new TransportError(error.message, undefined);
    const { code, message } = error as NodeJS.ErrnoException;
    const waitsFor = this.#credentials.waitsFor;
    if (timedOutMs !== undefined && waitsFor !== undefined) {
      const sentence = `${waitsFor} (nothing in ${timedOutMs / 1000} s): run it by hand to see why`;
      return new TransportError(sentence, undefined);
    }
    const why =
      timedOutMs === undefined
        ? this.#shown(message || code || error.name)
        : `no answer in ${timedOutMs / 1000} s`;
    return new TransportError(
      `the Kubernetes API server ${printable(this.server)} does not answer (${why})`,
      code,
    );
  }

  #shown(said: string): string {
    return printable(this.conceal(said.slice(0, 4 * maxErrorLength))).slice(0, maxErrorLength);
  }
}

function isJson({ headers }: IncomingMessage): boolean {
  return headers['content-type']?.toLowerCase().startsWith('application/json') ?? false;
}

function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
