import type { Socket } from 'node:net';

/**
 * Bounds what is open at once: the oldest makes room for the newest. A connection that waits, or that is read slowly,
 * costs its owner and nobody else.
 */
export class Connections {
  readonly #most: number;
  readonly #idle = new Set<Socket>();
  #open = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get open(): number {
    return this.#open;
  }

  /** A new connection, on which nothing has been asked yet. */
  add(socket: Socket): void {
    this.#open++;
    this.#idle.add(socket);
    socket.once('close', () => {
      this.#open--;
      this.#idle.delete(socket);
    });
    if (this.#open > this.#most) this.#idle.values().next().value?.destroy();
  }

  /** It is being answered: it stays. */
  busy(socket: Socket): void {
    this.#idle.delete(socket);
  }

  /** Its answer is written: it may go first. */
  idle(socket: Socket): void {
    if (!socket.destroyed) this.#idle.add(socket);
  }
}
