import type { DatabaseSync as Database } from 'node:sqlite';

export type { Database };

/**
 * Node's own SQLite. Up to Node 24 loading it warns that it is experimental, on the stderr that the agent's notices are
 * on; other warnings must still come through.
 */
export const { DatabaseSync } = loadQuietly();

function loadQuietly(): typeof import('node:sqlite') {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}
