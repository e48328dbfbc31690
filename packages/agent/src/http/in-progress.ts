import type { ServerResponse } from 'node:http';

/** Answers that are being written, bounded: one that a slow reader holds up makes room for the next. */
export class InProgress {
  readonly #max: number;
  readonly #responses = new Set<ServerResponse>();

  constructor(max: number) {
    this.#max = max;
  }

  add(response: ServerResponse): void {
    if (this.#responses.size >= this.#max) this.#responses.values().next().value?.destroy();
    this.#responses.add(response);
    response.once('close', () => this.#responses.delete(response));
  }
}
