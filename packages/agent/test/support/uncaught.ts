import { onTestFinished } from 'vitest';
import { takeSinkError } from '../../src/runtime/running-sink.js';

/** Errors that nobody catches go where main.ts sends them, until the test is over; what is no sink's is returned. */
export function uncaughtErrors(): unknown[] {
  const others: unknown[] = [];
  const take = (error: unknown) => {
    if (!takeSinkError(error)) others.push(error);
  };
  const runners = ['uncaughtException', 'unhandledRejection'].map((event) => {
    const listeners = process.listeners(event as 'uncaughtException');
    process.removeAllListeners(event);
    return { event, listeners };
  });
  process.on('uncaughtException', take);
  onTestFinished(() => {
    process.off('uncaughtException', take);
    for (const { event, listeners } of runners)
      for (const listener of listeners) process.on(event, listener);
  });
  return others;
}
