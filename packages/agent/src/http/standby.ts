import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WebFlags } from './add-web.js';
import { defaultAddress, isLoopback } from './address.js';
import { json, problem, send } from './answer.js';
import { readCertificate } from './certificate.js';
import { Guard } from './guard.js';
import { HttpServer, refuseMethod } from './server.js';

/**
 * What an agent that waits for another one's end answers: alive, and not ready. `/readyz?standby` is for a DaemonSet that
 * starts the new pod before it ends the old one (maxSurge): the node is watched, and the new pod can take over at once.
 */
export class Standby {
  readonly #flags: WebFlags;
  readonly #reason: string;
  readonly #guard: Guard;
  readonly #server: HttpServer;

  constructor(flags: WebFlags, reason: string) {
    const { listen = defaultAddress, tls } = flags;
    this.#flags = flags;
    this.#reason = reason;
    this.#guard = new Guard({ isLoopback: isLoopback(listen.host) });
    this.#server = new HttpServer(this.#handle, tls && readCertificate(tls));
  }

  /** Where the other agent has the address, its answers are those of the node. */
  async start(): Promise<void> {
    await this.#server.listen(this.#flags.listen ?? defaultAddress).catch(() => {});
  }

  async stop(): Promise<void> {
    await this.#server.close();
  }

  readonly #handle = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuseMethod(response);
    const refusal = this.#guard.refusal(request, true);
    if (refusal !== undefined) return send(response, problem(refusal.status, refusal.reason));
    const [path, query] = (request.url ?? '').split('?');
    const isOk = path === '/healthz' || (path === '/readyz' && query === 'standby');
    if (!isOk && path !== '/readyz') return send(response, problem(503, this.#reason));
    const checks = [{ name: 'lock', ok: isOk, reason: this.#reason }];
    send(response, json({ status: isOk ? 'ok' : 'failing', checks }, isOk ? 200 : 503));
  };
}
