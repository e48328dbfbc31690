import type { StorageEvent } from '@oomwatcher/journal';
import type { Reporter } from '../output/reporter.js';

/** What the journal reports of its file, as the agent says it. */
export function storageNotice(event: StorageEvent): Parameters<Reporter['notice']>[0] {
  switch (event.kind) {
    case 'disk':
      return { kind: 'journal', storage: 'disk', path: event.path };
    case 'memory':
      return { kind: 'journal', storage: 'memory', reason: event.reason };
    case 'moved':
      return { kind: 'journal-moved', path: event.path, to: event.to };
    case 'recovered':
      return { kind: 'journal-recovered', kills: event.kills, leftOut: event.leftOut };
    case 'left-out':
      return { kind: 'journal-left-out', rows: event.rows };
  }
}
