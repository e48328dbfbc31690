import type { DatabaseSync as Database, StatementSync as Statement } from 'node:sqlite';

export type { Database };

/**
 * Node's own SQLite. Up to Node 24 loading it warns that it is experimental, on the stderr that the agent's notices are
 * on; other warnings must still come through.
 */
export const { DatabaseSync } = loadQuietly();

const statements = new WeakMap<Database, Map<string, Statement>>();

/** The statement, compiled once a database: compiling costs more than most of ours do. */
export function prepared(db: Database, sql: string): Statement {
  let ofDatabase = statements.get(db);
  if (ofDatabase === undefined) {
    ofDatabase = new Map();
    statements.set(db, ofDatabase);
  }
  let statement = ofDatabase.get(sql);
  if (statement === undefined) {
    statement = db.prepare(sql);
    ofDatabase.set(sql, statement);
  }
  return statement;
}

function loadQuietly(): typeof import('node:sqlite') {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}
