import { AsyncLocalStorage } from 'node:async_hooks';

/** Whose code runs: also in its timers, the events of its sockets, and promises that nobody waits for. */
export const runningSink = new AsyncLocalStorage<{ failed(error: unknown): void }>();

/**
 * Takes an error that nobody caught, if a sink's code threw it; false: it is somebody else's. Apart from the sinks: every
 * command asks, and not every one is to load the journal.
 */
export function takeSinkError(error: unknown): boolean {
  const sink = runningSink.getStore();
  sink?.failed(error);
  return sink !== undefined;
}
