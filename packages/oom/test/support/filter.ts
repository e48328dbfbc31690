import { keepFilter, type OomLine } from '@oomwatcher/oom';
import type { KeepFilter } from '../../src/lines/keep-filter.js';

/** Whether the readers of the log hand the line over, by the meaning of the filter (KeepFilter). */
export function isKept(line: OomLine): boolean {
  return isKeptBy(keepFilter, line);
}

export function isKeptBy(filter: KeepFilter, { priority, flag, text }: OomLine): boolean {
  const isKernel = priority! < 8;
  if (filter.fragments && isKernel && flag !== '-') return true;
  return filter.rules.some(
    ({ bytes, at, facility }) =>
      (isKernel || facility === 'any') &&
      (at === 'start' ? text.startsWith(bytes) : text.includes(bytes)),
  );
}
