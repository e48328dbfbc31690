import { afterAll, beforeAll } from 'vitest';
import { ApiServer } from './api-server.ts';

const startTimeoutMs = 300_000;

/** One API server for the tests of a file: call it inside their `describe`. */
export function sharedApiServer(): () => ApiServer {
  let server: ApiServer | undefined;
  beforeAll(async () => {
    server = await ApiServer.start();
  }, startTimeoutMs);
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });
  return () => {
    if (server === undefined) throw new Error('the API server is not there outside of tests');
    return server;
  };
}
