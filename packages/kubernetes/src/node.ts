import { type Expected, meaningOf } from './answer.js';
import { readNodeUid } from './api-objects.js';
import { type ApiClient, TransportError } from './client.js';
import type { Problems } from './problems.js';
import type { Timing } from './timing.js';

/** The Node that the agent runs on, as the API server knows it. */
export class NodeIdentity {
  readonly name: string;
  readonly #client: ApiClient;
  readonly #problems: Problems;
  readonly #timing: Timing;
  readonly #expected: Expected<string>;
  #uid: string | undefined;
  #askAgainMs = Number.NEGATIVE_INFINITY;
  #checking: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(name: string, client: ApiClient, problems: Problems, timing: Timing) {
    this.name = name;
    this.#client = client;
    this.#problems = problems;
    this.#timing = timing;
    this.#expected = { status: 200, read: (body) => readNodeUid(body, name) };
  }

  /** Whether the next `uid()` asks the server. */
  get isStale(): boolean {
    return performance.now() >= this.#askAgainMs;
  }

  /** undefined: the server has not said yet. */
  get knownUid(): string | undefined {
    return this.#uid;
  }

  /**
   * Says what is wrong with the Node before the first event needs it, and goes on asking while something is: a Node
   * that was missing when the agent started left it not ready for ever.
   */
  async check(): Promise<void> {
    this.#stopped = false;
    // Who does not answer is said elsewhere.
    await this.uid().catch(() => {});
    if (this.#uid === undefined) this.#checkLater();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#checking);
  }

  /**
   * The Node's UID, by which `kubectl describe node` finds events; asked for again now and then, for a Node that is made
   * anew has another. Where the server does not say, the name, by which kubectl looks too.
   *
   * @throws TransportError
   */
  async uid(signal?: AbortSignal): Promise<string> {
    if (!this.isStale) return this.#uid ?? this.name;
    const response = await this.#client.request({
      method: 'GET',
      path: `/api/v1/nodes/${encodeURIComponent(this.name)}`,
      signal,
      timeoutMs: this.#timing.requestTimeoutMs,
    });
    const meaning = meaningOf(response, `get the node ${this.name}`, this.#expected);
    switch (meaning.kind) {
      case 'done':
        this.#uid = meaning.object;
        this.#askAgainMs = performance.now() + this.#timing.nodeMaxAgeMs;
        this.#problems.end('node', `the node ${this.name} is known to the Kubernetes API server`);
        break;
      case 'missing':
        this.#uid = undefined;
        this.#askAgainMs = performance.now() + this.#timing.nodeMaxAgeMs;
        this.#problems.meet(
          'node',
          `there is no node ${this.name} in the cluster: name the right one with --node-name or NODE_NAME`,
        );
        break;
      case 'refused':
        this.#uid = undefined;
        this.#askAgainMs = performance.now() + this.#timing.parkMs;
        this.#problems.meet('node', meaning.reason);
        break;
      default:
        throw new TransportError(
          'reason' in meaning ? meaning.reason : `the node ${this.name} cannot be read`,
          undefined,
          meaning.kind === 'retry' ? meaning.afterMs : undefined,
        );
    }
    return this.#uid ?? this.name;
  }

  #checkLater(): void {
    clearTimeout(this.#checking);
    if (this.#stopped) return;
    const waitMs = Math.max(this.#timing.nodeMaxAgeMs, this.#askAgainMs - performance.now());
    this.#checking = setTimeout(() => void this.check(), waitMs).unref();
  }
}
