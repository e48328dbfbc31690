import {
  ForksPoolWorker,
  type PoolOptions,
  type WorkerRequest,
  type WorkerResponse,
} from 'vitest/node';
import { writeUsedCpu } from './used-cpu.ts';

type Listener = (argument: unknown) => void;

type Started = Extract<WorkerResponse, { type: 'started' }>;

/** Ends what hangs. */
const defaultStartTimeoutMs = 600_000;

/**
 * A worker that may be slow to start. vitest gives one 60 s, with no option for more (START_TIMEOUT and
 * WORKER_START_TIMEOUT in its pool): a busy machine takes longer, and the tests of that file failed unrun. So the pool
 * hears at once that the worker has started, and what it asks of it waits until that is true.
 */
export class PatientWorker extends ForksPoolWorker {
  override readonly name = 'patient-forks';
  readonly #startTimeoutMs: number;
  readonly #listeners = new Map<Listener, Listener>();
  #fail: Listener = () => {};
  #state: 'new' | 'starting' | 'started' = 'new';
  #held: WorkerRequest[] = [];
  #deadline: NodeJS.Timeout | undefined;
  readonly #begunMs = performance.now();
  readonly #files: string[] = [];

  constructor(options: PoolOptions, startTimeoutMs = defaultStartTimeoutMs) {
    super(options);
    this.#startTimeoutMs = startTimeoutMs;
  }

  override on(event: string, listener: Listener): void {
    if (event === 'error') this.#fail = listener;
    if (event !== 'message') return super.on(event, listener);
    const filtered: Listener = (message) => {
      if (!isStarted(message)) listener(message);
      else this.#started(message.error);
    };
    this.#listeners.set(listener, filtered);
    super.on(event, filtered);
  }

  override off(event: string, listener: Listener): void {
    super.off(event, this.#listeners.get(listener) ?? listener);
  }

  /** Answers to what the worker asks while it starts are no requests: they must not wait for its start. */
  override send(message: WorkerRequest): void {
    if (isRequest(message) && (message.type === 'run' || message.type === 'collect'))
      this.#files.push(...(message.context?.files ?? []).map(({ filepath }) => filepath));
    if (isRequest(message) && message.type === 'start') {
      this.#state = 'starting';
      this.#deadline = setTimeout(
        () => this.#fail(new Error(`the worker did not start within ${this.#startTimeoutMs} ms`)),
        this.#startTimeoutMs,
      );
      super.send(message);
      const started: Started = { __vitest_worker_response__: true, type: 'started' };
      for (const listener of this.#listeners.keys()) listener(started);
    } else if (isRequest(message) && this.#state === 'starting') {
      this.#held.push(message);
    } else {
      super.send(message);
    }
  }

  override async stop(): Promise<void> {
    clearTimeout(this.#deadline);
    this.#held = [];
    // vitest keeps its process to itself.
    const { pid } = (this as unknown as { _fork?: { pid?: number } })._fork ?? {};
    if (pid !== undefined)
      writeUsedCpu(pid, (performance.now() - this.#begunMs) / 1000, this.#files);
    await super.stop();
  }

  #started(error: unknown): void {
    clearTimeout(this.#deadline);
    this.#state = 'started';
    const held = this.#held;
    this.#held = [];
    if (error !== undefined) return this.#fail(error);
    for (const message of held) super.send(message);
  }
}

function isRequest(message: unknown): message is WorkerRequest {
  return (message as Partial<WorkerRequest> | null)?.__vitest_worker_request__ === true;
}

function isStarted(message: unknown): message is Started {
  const response = message as Partial<WorkerResponse> | null;
  return response?.__vitest_worker_response__ === true && response.type === 'started';
}
