import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ListenAddress } from './address.js';
import { problem, send } from './answer.js';
import type { Certificate } from './certificate.js';
import { Connections } from './connections.js';
import { OneAtATime } from './one-at-a-time.js';

/** Answers one request, at once or later. What it throws is a defect, and one answer's. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const maxConnections = 256;
const maxHeaderBytes = 8192;
const maxHeaders = 64;

/** A client has so long to send its request, and to take some of the answer. */
const patienceMs = 10_000;
const keepAliveMs = 5000;

/** How often Node looks for requests that are not there in time; on an idle node too. */
const checkEveryMs = 5000;

/** An HTTP server that no client can hold up: everything that a client may take has a bound. */
export class HttpServer {
  readonly #isSecure: boolean;
  readonly #server: Server;
  readonly #connections = new Connections(maxConnections);
  readonly #socketOf = new WeakMap<OneAtATime, Socket>();

  /** @param certificate the server speaks TLS with it */
  constructor(handler: Handler, certificate?: Certificate) {
    this.#isSecure = certificate !== undefined;
    // Not imported: it is rarely asked for.
    const create =
      certificate === undefined
        ? createServer
        : (process.getBuiltinModule('node:https').createServer as typeof createServer);
    const options = {
      ...certificate,
      handshakeTimeout: patienceMs,
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: patienceMs,
      requestTimeout: patienceMs,
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: checkEveryMs,
      requireHostHeader: true,
    };
    this.#server = create(options, (request, response) => this.#answer(handler, request, response));
    this.#server.maxHeadersCount = maxHeaders;
    this.#server.setTimeout(patienceMs);
    this.#giveOneAtATime();
    this.#server.on('clientError', refuse);
    this.#server.on('tlsClientError', (_, socket: Duplex) => socket.destroy());
    this.#server.on('connect', (_, socket) => socket.destroy());
  }

  /** What is connected keeps the certificate that it has seen. */
  useCertificate(certificate: Certificate): void {
    (this.#server as HttpsServer).setSecureContext(certificate);
  }

  /** Returns where it listens. @throws a system error, EADDRINUSE among them */
  async listen({ host, port }: ListenAddress): Promise<ListenAddress> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once('error', reject);
    this.#server.listen({ host, port, exclusive: true }, resolve);
    await promise;
    this.#server.off('error', reject);
    // Accepting can fail later, for want of descriptors; the next one may do better.
    this.#server.on('error', () => {});
    return { host, port: (this.#server.address() as AddressInfo).port };
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** Puts itself between each connection and Node's listener for it. */
  #giveOneAtATime(): void {
    const event = this.#isSecure ? 'secureConnection' : 'connection';
    const [listener] = this.#server.listeners(event) as ((socket: Duplex) => void)[];
    this.#server.removeAllListeners(event);
    // By whose they are: a TLS connection does not say which socket it is on.
    const open = new Map<string, Socket>();
    this.#server.prependListener('connection', (socket: Socket) => {
      const peer = peerOf(socket);
      open.set(peer, socket);
      socket.once('close', () => {
        if (open.get(peer) === socket) open.delete(peer);
      });
      // Before it is a TLS connection, too: a handshake that never ends is a connection.
      this.#connections.add(socket);
    });
    this.#server.on(event, (socket: Socket) => {
      const connection = new OneAtATime(socket);
      this.#socketOf.set(connection, open.get(peerOf(socket)) ?? socket);
      listener?.call(this.#server, connection);
    });
  }

  #answer(handler: Handler, request: IncomingMessage, response: ServerResponse): void {
    const connection = request.socket as unknown as OneAtATime;
    const socket = this.#socketOf.get(connection);
    if (socket !== undefined) this.#connections.busy(socket);
    response.once('close', () => {
      if (socket !== undefined) this.#connections.idle(socket);
      if (response.writableFinished) connection.next();
    });
    response.on('error', () => {});
    // What a request brings along is not read: nothing here takes a body.
    if (hasBody(request)) response.setHeader('Connection', 'close');
    answerSafely(response, () => handler(request, response));
  }
}

/** A request must not end the agent, whatever it meets in the journal. */
export function answerSafely(response: ServerResponse, answer: () => void): void {
  try {
    answer();
  } catch (error) {
    if (response.headersSent) response.destroy();
    else send(response, problem(500, `the answer failed: ${(error as Error).message}`));
  }
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

/** What is no HTTP, too big or too late. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  setTimeout(() => socket.destroy(), 1000).unref();
}

export function refuseMethod(response: ServerResponse): void {
  send(response, problem(405, 'only GET and HEAD are answered', { Allow: 'GET, HEAD' }));
}
