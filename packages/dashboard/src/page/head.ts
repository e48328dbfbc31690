import type { AccountSinceBoot } from '@oomwatcher/journal';
import type { Status } from '../api/status.js';
import { byId, el, fill, setText } from './dom.js';
import { headline } from './headline.js';
import type { Connection } from './live.js';
import type { ExplainedFile } from './log-file.js';
import { count, duration, plural } from './words.js';

const connections: Record<Connection | 'file', string> = {
  starting: 'connecting',
  live: 'live',
  lost: 'connection lost, trying again',
  file: 'a file; nothing leaves this page',
};

export function showConnection(state: Connection | 'file'): void {
  const element = byId('connection');
  element.dataset.state = state;
  setText(element, connections[state]);
}

/** The account on top of everything, and what is wrong. */
export function showStatus(status: Status): void {
  const { account, log, reader, source, recording, storage, version, node } = status;
  const shown = recording ?? node;
  setText(byId('node'), shown);
  byId('node').dataset.state = recording === undefined ? 'live' : 'recording';
  document.title = `oomWatcher · ${shown}`;
  const unaccounted = account?.unaccounted ?? 0;
  byId('account').dataset.state = unaccounted === 0 ? 'closed' : 'open';
  const { sentence, often } = headline(status, Date.now());
  setText(
    byId('sentence'),
    recording !== undefined
      ? 'A recorded log, not this node’s'
      : account === undefined
        ? 'A captured log is replayed'
        : sentence,
  );
  setText(byId('often'), often ?? '');
  setText(
    byId('account-line'),
    account === undefined || recording !== undefined ? '' : `${accountSentence(account)}.`,
  );
  const facts = [
    ...(recording !== undefined
      ? [recording]
      : [
          'since boot',
          reader.kind === 'watching' ? 'watching the kernel log' : 'reading what the log holds',
        ]),
    `${plural(account?.lost ?? log.lost, 'line')} of the log lost`,
    `${count(account?.forged ?? log.forged)} forged`,
  ];
  if (log.lastRecordMs !== undefined) {
    facts.push(`last record ${duration(Date.now() - log.lastRecordMs)} ago`);
  }
  setText(byId('facts'), facts.join(' · '));
  showFaults(faultsOf(status));
  setText(
    byId('foot'),
    `oomWatcher ${version} · ${source.kind} reader · journal ${storage.kind === 'disk' ? storage.path : 'in memory'}`,
  );
}

/** What was read from a file takes the place of the account. */
export function showFile(file: ExplainedFile): void {
  setText(byId('node'), file.name);
  byId('account').dataset.state = 'closed';
  setText(byId('sentence'), `${plural(file.kills.length, 'kill')} in ${file.name}.`);
  setText(byId('often'), '');
  setText(byId('account-line'), '');
  const facts = [
    `${file.format} log`,
    `${plural(file.lost, 'record')} lost`,
    `${count(file.forged)} forged`,
  ];
  if (file.notUnderstood > 0) {
    const { notUnderstoodLine: first } = file;
    const where = first === undefined ? '' : `, the first is line ${count(first)}`;
    facts.push(`not understood: ${plural(file.notUnderstood, 'line')}${where}`);
  }
  if (file.sinceBoot && file.kills.length > 0) facts.push('times are since boot');
  if (file.cut) facts.push('there are more kills than a page can hold: use oomwatcher parse');
  setText(byId('facts'), facts.join(' · '));
  showFaults([]);
}

/** Why the page does not show what its address asks for. */
export function showNote(text: string | undefined): void {
  const note = byId('note');
  note.hidden = text === undefined;
  setText(note, text ?? '');
}

export function showFaults(faults: readonly string[]): void {
  const list = byId('faults');
  list.hidden = faults.length === 0;
  if (list.textContent !== faults.join('')) {
    fill(list, ...faults.map((fault) => el('li', {}, fault)));
  }
}

function faultsOf({ ready, storage, reader }: Status): string[] {
  const faults = ready.checks.flatMap(({ ok, name, reason }) =>
    ok || (name === 'reader' && reader.kind === 'starting') ? [] : `${name}: ${reason}`,
  );
  if (storage.kind === 'memory') faults.push(`The journal is in memory only: ${storage.reason}`);
  return faults;
}

/** The account in one sentence: what the kernel has counted, and where each of these kills is. */
function accountSentence(account: AccountSinceBoot): string {
  const { kernelKills, kills, repeats, beforeFirstWatch = 0, whileAway, unaccounted } = account;
  if (kernelKills === undefined) {
    return `${plural(kills, 'kill')} here; this kernel keeps no count of its own to hold them against`;
  }
  const parts = [`${plural(kernelKills, 'kill')} by the kernel`, `${count(kills)} here`];
  if (repeats > 0) parts.push(`${count(repeats)} that it counted twice`);
  if (beforeFirstWatch > 0) parts.push(`${count(beforeFirstWatch)} from before the first watch`);
  if (whileAway > 0) parts.push(`${count(whileAway)} while nobody watched`);
  if (unaccounted !== undefined) parts.push(`${count(unaccounted)} unaccounted`);
  return parts.join(', ');
}
