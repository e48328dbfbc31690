import type { Journal } from '@oomwatcher/journal';
import type { Notice } from '../output/notice.js';
import type { AgentState } from '../runtime/agent-state.js';
import { Health } from '../runtime/health.js';
import { KillCounts, type KillCountsOptions } from '../sinks/metrics/kill-counts.js';
import { allMetrics } from '../sinks/metrics/registry.js';
import { defaultAddress, isLoopback, type ListenAddress, listenRefusal, urlOf } from './address.js';
import {
  type Certificate,
  type CertificateFiles,
  followCertificate,
  readCertificate,
} from './certificate.js';
import { EventStream, type EventStreamOptions } from './event-stream.js';
import { Guard } from './guard.js';
import type { PageFiles } from './page-file.js';
import { Routes } from './routes.js';
import { HttpServer } from './server.js';
import { statusOf } from './status.js';

export interface WebOptions {
  /** Default 127.0.0.1:8420, or a free port of that address if it is taken. */
  listen?: ListenAddress;
  /** Without it only a loopback address shows the page and the API. */
  token?: string;
  /** PEM files, that may be replaced while the agent runs; without them the token travels in the clear. */
  tls?: CertificateFiles & { reloadEveryMs?: number };
  /** Also the names that cAdvisor and the node problem detector use. */
  compatible?: boolean;
  counts?: KillCountsOptions;
  /** Called with where the page is, when it is there. */
  report?: (notice: Notice) => void;
  stream?: EventStreamOptions;
}

/** Metrics, health, API and page on one address, for as long as the agent runs. */
export class WebService {
  readonly #options: WebOptions;
  readonly #journal: Journal;
  readonly #counts: KillCounts;
  readonly #health: Health;
  readonly #stream: EventStream;
  readonly #server: HttpServer;
  readonly #certificate: Certificate | undefined;
  #unfollow: (() => void) | undefined;
  readonly #report: WebOptions['report'];

  constructor(state: AgentState, assets: PageFiles, options: WebOptions = {}) {
    const { listen = defaultAddress, token, compatible = false } = options;
    this.#options = options;
    this.#journal = state.journal;
    this.#report = options.report;
    this.#counts = new KillCounts(state.journal, options.counts);
    this.#health = new Health(state);
    const status = () => statusOf(state, this.#health);
    this.#stream = new EventStream(state.journal, status, options.stream);
    const subject = {
      state,
      health: this.#health,
      counts: this.#counts,
      streams: () => this.#stream.counts,
    };
    const routes = new Routes({
      state,
      health: this.#health,
      metrics: allMetrics(subject, compatible),
      stream: this.#stream,
      guard: new Guard({ isLoopback: isLoopback(listen.host), token }),
      assets,
    });
    this.#certificate = options.tls && readCertificate(options.tls);
    this.#server = new HttpServer(routes.handle, this.#certificate);
  }

  /** @throws Refusal when the address that was asked for cannot be had */
  async start(): Promise<void> {
    this.#counts.start();
    this.#health.start();
    this.#stream.start();
    this.#journal.store.onRenumbering({
      after: () => {
        this.#counts.renumbered();
        this.#stream.renumbered();
      },
    });
    await this.#listen();
    const { tls } = this.#options;
    if (tls === undefined || this.#certificate === undefined) return;
    this.#unfollow = followCertificate(
      tls,
      this.#certificate,
      (certificate) => this.#server.useCertificate(certificate),
      (sentence) => this.#report?.({ kind: 'certificate', sentence }),
      tls.reloadEveryMs,
    );
  }

  async stop(): Promise<void> {
    this.#unfollow?.();
    this.#health.stop();
    this.#stream.stop();
    await this.#server.close();
    this.#counts.stop();
  }

  async #listen(): Promise<void> {
    const { listen } = this.#options;
    try {
      this.#say(await this.#server.listen(listen ?? defaultAddress));
    } catch (error) {
      // Another agent, or another program: nobody has asked for this port.
      if (listen !== undefined || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE')
        throw listenRefusal(listen ?? defaultAddress, error as NodeJS.ErrnoException);
      this.#say(await this.#server.listen({ ...defaultAddress, port: 0 }), defaultAddress.port);
    }
  }

  #say(address: ListenAddress, taken?: number): void {
    this.#report?.({
      kind: 'dashboard',
      url: urlOf(address, this.#certificate === undefined ? 'http' : 'https'),
      ...(taken !== undefined && { taken }),
      ...(!isLoopback(address.host) && this.#options.token === undefined && { metricsOnly: true }),
    });
  }
}
