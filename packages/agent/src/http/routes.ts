import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AgentState } from '../runtime/agent-state.js';
import type { Health, Verdict } from '../runtime/health.js';
import { acceptedFormat } from '../sinks/metrics/accepted-format.js';
import { exposition, type Metric } from '../sinks/metrics/exposition.js';
import { type Answer, json, problem, send } from './answer.js';
import type { EventStream } from './event-stream.js';
import type { Guard } from './guard.js';
import { InProgress } from './in-progress.js';
import { indexPage, killPage, oneKill } from './kill-queries.js';
import { MemoryAnswers } from './memory-answers.js';
import { fileAnswer, type PageFiles } from './page-file.js';
import { answerSafely, refuseMethod } from './server.js';
import { statusOf } from './status.js';
import { Turns } from './turns.js';

export interface RoutesSubject {
  state: AgentState;
  health: Health;
  metrics: readonly Metric[];
  stream: EventStream;
  guard: Guard;
  assets: PageFiles;
}

/** For everybody who can reach the address: what Prometheus and the kubelet ask for. */
const open = new Set(['/metrics', '/healthz', '/readyz']);

/** Answered before all others: a kubelet that gets no answer ends the agent. */
const first = new Set(['/healthz', '/readyz']);

/** Answers that may be big. */
const maxBigAnswers = 24;

/** What the server answers, path by path. */
export class Routes {
  readonly #subject: RoutesSubject;
  readonly #big = new InProgress(maxBigAnswers);
  readonly #turns = new Turns();
  readonly #memory: MemoryAnswers;

  constructor(subject: RoutesSubject) {
    this.#subject = subject;
    this.#memory = new MemoryAnswers(subject.state);
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuseMethod(response);
    const url = urlOf(request);
    if (url === undefined) return send(response, problem(400, 'this is no path'));
    const { pathname } = url;
    const refusal = this.#subject.guard.refusal(request, open.has(pathname));
    if (refusal !== undefined) {
      const headers =
        refusal.status === 401 ? { 'WWW-Authenticate': 'Basic realm="oomWatcher"' } : undefined;
      return send(response, problem(refusal.status, refusal.reason, headers));
    }
    if (first.has(pathname)) return send(response, this.#answer(url, request));
    this.#turns.add(() => {
      // Nobody waits for it any more.
      if (response.destroyed) return;
      answerSafely(response, () => this.#inTurn(request, response, url));
    });
  };

  #inTurn(request: IncomingMessage, response: ServerResponse, url: URL): void {
    const { pathname } = url;
    if (pathname === '/api/v1/events') return this.#follow(request, response, url);
    if (pathname === '/metrics') return this.#metrics(request, response);
    if (pathname.startsWith('/api/')) this.#big.add(response);
    send(response, this.#answer(url, request));
  }

  #answer({ pathname, searchParams }: URL, { headers }: IncomingMessage): Answer {
    const { state, health, assets } = this.#subject;
    switch (pathname) {
      case '/healthz':
        return verdictAnswer(health.live());
      case '/readyz':
        return verdictAnswer(health.ready());
      case '/api/v1/status':
        return json(statusOf(state, health));
      case '/api/v1/account':
        return state.account() === undefined
          ? problem(404, 'a captured log is replayed: no counter of the kernel belongs to it')
          : json(state.account());
      case '/api/v1/memory':
        return this.#memory.answer(searchParams);
      case '/api/v1/kills':
        return killPage(state.journal, searchParams);
      case '/api/v1/index':
        return indexPage(state.journal, searchParams);
    }
    const row = /^\/api\/v1\/kills\/(\d{1,15})$/.exec(pathname)?.[1];
    if (row !== undefined) return oneKill(state.journal, Number(row));
    const asset = Object.hasOwn(assets, pathname) ? assets[pathname] : undefined;
    return asset === undefined
      ? problem(404, 'nothing is here: the page is at /')
      : fileAnswer(asset, String(headers['accept-encoding'] ?? ''));
  }

  #follow(request: IncomingMessage, response: ServerResponse, { searchParams }: URL): void {
    const { stream } = this.#subject;
    if (request.method === 'HEAD') return refuseMethod(response);
    if (!stream.hasRoom) {
      return send(
        response,
        problem(503, 'too many pages follow this agent: close one', { 'Retry-After': '5' }),
      );
    }
    const last = request.headers['last-event-id'] ?? searchParams.get('after') ?? '';
    stream.follow(response, /^\d{1,15}$/.test(String(last)) ? Number(last) : undefined);
  }

  #metrics({ headers }: IncomingMessage, response: ServerResponse): void {
    this.#big.add(response);
    try {
      const format = acceptedFormat(headers.accept);
      const body = exposition(this.#subject.metrics, format);
      send(response, { status: 200, type: format.contentType, body });
    } catch (error) {
      send(response, problem(500, `the metrics failed: ${(error as Error).message}`));
    }
  }
}

function verdictAnswer(verdict: Verdict): Answer {
  return json(
    { status: verdict.ok ? 'ok' : 'failing', checks: verdict.checks },
    verdict.ok ? 200 : 503,
  );
}

/** undefined: what the client asked for is no path. */
function urlOf({ url = '' }: IncomingMessage): URL | undefined {
  if (!url.startsWith('/')) return undefined;
  return URL.canParse(`http://host${url}`) ? new URL(`http://host${url}`) : undefined;
}
