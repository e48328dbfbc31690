import { isTextColumn, type TextColumn } from './kill-table.js';
import { isLanguage, type LanguageCode } from './language/language.js';
import type { Selection } from './selection.js';
import type { Range } from './time-range.js';
import { dayMs, hourMs } from './words.js';

/** What of the node's kills is shown; in the address, so that it outlives a reload and can be sent to somebody. */
export interface View {
  range: Range;
  equals: Selection['equals'];
  search: string;
  /** That the reader has chosen; undefined: as the browser wants. */
  language?: LanguageCode | undefined;
}

const lengths: readonly [name: string, ms: number][] = [
  ['1h', hourMs],
  ['24h', dayMs],
  ['7d', 7 * dayMs],
  ['30d', 30 * dayMs],
];

/** `?range=24h&pod=web-1&q=java`; what is nothing special is left out. */
export function viewToQuery({ range, equals, search, language }: View): string {
  const parameters = new URLSearchParams();
  const named = range.kind === 'last' ? lengths.find(([, ms]) => ms === range.ms) : undefined;
  if (named !== undefined) parameters.set('range', named[0]);
  if (range.kind === 'span') {
    parameters.set('from', new Date(range.fromMs).toISOString());
    parameters.set('to', new Date(range.toMs).toISOString());
  }
  for (const [column, value] of Object.entries(equals)) parameters.set(column, value);
  if (search !== '') parameters.set('q', search);
  if (language !== undefined) parameters.set('lang', language);
  const query = parameters.toString();
  return query === '' ? '' : `?${query}`;
}

/** Of a file nothing else is kept: a reload does not bring it back. */
export function fileQuery({ language }: View): string {
  return viewToQuery({ range: { kind: 'all' }, equals: {}, search: '', language });
}

/** What is not understood is as if it were not there: an address may be of another version. */
export function viewFromQuery(query: string): View {
  const parameters = new URLSearchParams(query);
  const equals: Partial<Record<TextColumn, string>> = {};
  for (const [name, value] of parameters) if (isTextColumn(name)) equals[name] = value;
  const language = parameters.get('lang') ?? '';
  return {
    range: rangeFrom(parameters),
    equals,
    search: parameters.get('q') ?? '',
    ...(isLanguage(language) && { language }),
  };
}

function rangeFrom(parameters: URLSearchParams): Range {
  const named = lengths.find(([name]) => name === parameters.get('range'));
  if (named !== undefined) return { kind: 'last', ms: named[1] };
  const fromMs = Date.parse(parameters.get('from') ?? '');
  const toMs = Date.parse(parameters.get('to') ?? '');
  return fromMs < toMs ? { kind: 'span', fromMs, toMs } : { kind: 'all' };
}

/** Whose kill is open: the node's by its row, or one of a file, which an address cannot bring along. */
export type OpenKill = { row: number; file?: string };

export function hashOf({ row, file }: OpenKill): string {
  return file === undefined ? `#kill/${row}` : `#file/${encodeURIComponent(file)}/kill/${row}`;
}

export function openKillOf(hash: string): OpenKill | undefined {
  const [, file, row] = /^#(?:file\/([^/]*)\/)?kill\/(\d{1,15})$/.exec(hash) ?? [];
  if (row === undefined) return undefined;
  return { row: Number(row), ...(file !== undefined && { file: decoded(file) }) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
