import type { AccountSinceBoot } from '@oomwatcher/journal';
import type { Status } from '../api/status.js';
import { byId, el, fill, setText } from './dom.js';
import { headline } from './headline.js';
import { words } from './language/language.js';
import type { Connection } from './live.js';
import type { ExplainedFile } from './log-file.js';

export function showConnection(state: Connection | 'file'): void {
  const element = byId('connection');
  element.dataset.state = state;
  setText(element, words().connection[state]);
}

/** What is told above the list, of what the list is of: a file, or the node. */
export function showHead(
  file: ExplainedFile | undefined,
  status: Status | undefined,
  connection: Connection,
): void {
  setText(byId('open-file'), words().page[file === undefined ? 'openFile' : 'closeFile']);
  showConnection(file === undefined ? connection : 'file');
  byId('account').classList.toggle('beside', isBesideKill());
  if (file !== undefined) showFile(file);
  else if (status !== undefined) showStatus(status);
  else setText(byId('sentence'), words().head.reading);
}

/** A kill's own page has a headline of its own: what stands above it is the node's. */
function isBesideKill(): boolean {
  return !byId('kill').hidden;
}

/** The account on top of everything, and what is wrong. */
export function showStatus(status: Status): void {
  const { account, log, reader, source, recording, storage, version, node } = status;
  const said = words().head;
  const shown = recording ?? node;
  setText(byId('node'), shown);
  byId('node').dataset.state = recording === undefined ? 'live' : 'recording';
  document.title = `oomWatcher · ${shown}`;
  const unaccounted = account?.unaccounted ?? 0;
  byId('account').dataset.state = unaccounted === 0 ? 'closed' : 'open';
  const { sentence, often } = headline(status, Date.now(), isBesideKill());
  setText(
    byId('sentence'),
    recording !== undefined ? said.recording : account === undefined ? said.replay : sentence,
  );
  setText(byId('often'), often ?? '');
  setText(
    byId('account-line'),
    account === undefined || recording !== undefined
      ? ''
      : words().sentence(accountSentence(account)),
  );
  const facts = [
    ...(recording !== undefined
      ? [recording]
      : [said.sinceBoot, reader.kind === 'watching' ? said.watching : said.readingLog]),
    said.lostLines(account?.lost ?? log.lost),
    said.forged(account?.forged ?? log.forged),
  ];
  if (log.lastRecordMs !== undefined) {
    facts.push(said.lastRecord(words().formats.ago(Date.now() - log.lastRecordMs)));
  }
  setText(byId('facts'), facts.join(' · '));
  showFaults(faultsOf(status));
  setText(
    byId('foot'),
    said.foot(version, source.kind, storage.kind === 'disk' ? storage.path : undefined),
  );
}

/** What was read from a file takes the place of the account. */
function showFile(file: ExplainedFile): void {
  const said = words().file;
  setText(byId('node'), file.name);
  byId('account').dataset.state = 'closed';
  setText(byId('sentence'), said.kills(file.kills.length, file.name));
  setText(byId('often'), '');
  setText(byId('account-line'), '');
  const facts = [said.format(file.format), said.lost(file.lost), words().head.forged(file.forged)];
  if (file.notUnderstood > 0) {
    facts.push(said.notUnderstood(file.notUnderstood, file.notUnderstoodLine));
  }
  if (file.sinceBoot && file.kills.length > 0) facts.push(said.sinceBoot);
  if (file.cut) facts.push(said.cut);
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
  if (storage.kind === 'memory') faults.push(words().head.inMemory(storage.reason));
  return faults;
}

/** The account in one sentence: what the kernel has counted, and where each of these kills is. */
function accountSentence(account: AccountSinceBoot): string {
  const { kernelKills, kills, repeats, beforeFirstWatch = 0, whileAway, unaccounted } = account;
  const said = words().head.account;
  if (kernelKills === undefined) return said.uncounted(kills);
  const parts = [said.byKernel(kernelKills), said.here(kills)];
  if (repeats > 0) parts.push(said.repeats(repeats));
  if (beforeFirstWatch > 0) parts.push(said.before(beforeFirstWatch));
  if (whileAway > 0) parts.push(said.away(whileAway));
  if (unaccounted !== undefined) parts.push(said.unaccounted(unaccounted));
  return parts.join(words().explanation.comma);
}
