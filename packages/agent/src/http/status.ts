import type { Status } from '@oomwatcher/dashboard';
import { recurrenceOf } from '@oomwatcher/journal';
import { timeMsOf } from '@oomwatcher/oom';
import type { AgentState } from '../runtime/agent-state.js';
import type { Health } from '../runtime/health.js';

export function statusOf(state: AgentState, health: Health): Status {
  const { version, node, startedMs, source, recording, journal } = state;
  const { read, lost, forged } = state.watchStats();
  const oldest = journal.after(0, 1)[0];
  const newest = journal.find({ limit: 1 })[0];
  return {
    version,
    node,
    startedMs,
    source,
    recording,
    reader: state.reader(),
    storage: journal.store.storage,
    rows: journal.rows(),
    oldestMs: oldest === undefined ? undefined : timeMsOf(oldest.kill, oldest.recordedMs),
    newest: newest && {
      row: newest.row,
      name: newest.kill.victim?.name,
      timeMs: timeMsOf(newest.kill, newest.recordedMs),
      recurrence: journal.store.read((db) => recurrenceOf(db, newest)),
    },
    account: state.account(),
    witness: state.witness(),
    runUps: runUpsOf(state),
    log: { read, lost, forged, lastRecordMs: health.lastRecordMs },
    ready: health.ready(),
    sinks: state.sinks.map((sink) => ({ name: sink.name, ...sink.health() })),
  };
}

function runUpsOf(state: AgentState): Status['runUps'] {
  const runUps = state.runUps();
  if (runUps === undefined) return undefined;
  const { live, reason, recorder } = runUps;
  return { live, reason, ...(recorder !== undefined && { stats: recorder.stats() }) };
}
