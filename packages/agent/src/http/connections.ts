import type { Socket } from 'node:net';

/** For the moment until what they have sent is read so many more may be open: a burst of the kernel's queue, twice. */
const maxUnread = 1024;

/**
 * Bounds what is open at once: the oldest makes room for the newest, one that has asked nothing before one that is being
 * answered. A connection that waits, or that is read slowly, costs its owner and nobody else.
 *
 * Room is made two turns of the event loop later. A turn accepts all that waits in the kernel, before anything of it is
 * read: the one that asks whether the agent is alive must not be closed for the five hundred that came with it.
 */
export class Connections {
  readonly #max: number;
  readonly #idle = new Set<Socket>();
  readonly #busy = new Set<Socket>();
  #trimming: NodeJS.Immediate | undefined;

  constructor(max: number) {
    this.#max = max;
  }

  get open(): number {
    return this.#idle.size + this.#busy.size;
  }

  /** A new connection, on which nothing has been asked yet. */
  add(socket: Socket): void {
    this.#idle.add(socket);
    socket.once('close', () => {
      this.#idle.delete(socket);
      this.#busy.delete(socket);
    });
    if (this.open > this.#max + maxUnread) this.#closeOldest();
    if (this.open > this.#max) this.#trimSoon();
  }

  /** It is being answered: it stays longer than those that wait. */
  busy(socket: Socket): void {
    this.#idle.delete(socket);
    if (!socket.destroyed) this.#busy.add(socket);
  }

  /** Its answer is written: it may go first. */
  idle(socket: Socket): void {
    this.#busy.delete(socket);
    if (!socket.destroyed) this.#idle.add(socket);
  }

  #trimSoon(): void {
    this.#trimming ??= setImmediate(() => {
      setImmediate(() => {
        this.#trimming = undefined;
        while (this.open > this.#max) this.#closeOldest();
      });
    });
  }

  #closeOldest(): void {
    const oldest = this.#idle.values().next().value ?? this.#busy.values().next().value;
    if (oldest === undefined) return;
    this.#idle.delete(oldest);
    this.#busy.delete(oldest);
    oldest.destroy();
  }
}
