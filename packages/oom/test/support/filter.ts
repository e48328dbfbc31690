import { keepFilter, type OomLine } from '@oomwatcher/oom';

/** Whether the readers of the log hand the line over, by the meaning of the filter (KeepFilter). */
export function isKept({ priority, flag, text }: OomLine): boolean {
  const isKernel = priority! < 8;
  if (keepFilter.fragments && isKernel && flag !== '-') return true;
  return keepFilter.rules.some(
    ({ bytes, at, facility }) =>
      (isKernel || facility === 'any') &&
      (at === 'start' ? text.startsWith(bytes) : text.includes(bytes)),
  );
}
