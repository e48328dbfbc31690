import type { ServerResponse } from 'node:http';

/** Answers that are being written, bounded: one that a slow reader holds up makes room for the next. */
export class InProgress {
  readonly #most: number;
  readonly #responses = new Set<ServerResponse>();

  constructor(most: number) {
    this.#most = most;
  }

  add(response: ServerResponse): void {
    if (this.#responses.size >= this.#most) this.#responses.values().next().value?.destroy();
    this.#responses.add(response);
    response.once('close', () => this.#responses.delete(response));
  }
}
