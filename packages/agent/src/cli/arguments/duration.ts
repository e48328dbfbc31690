import { InvalidArgumentError } from 'commander';

const unitsMs: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `30m`, `1h`, `2d`, `0` -> milliseconds. @throws InvalidArgumentError */
export function parseDuration(text: string): number {
  const match = /^(\d{1,9})([smhd])?$/.exec(text);
  const unitMs = match?.[2] === undefined ? undefined : unitsMs[match[2]];
  if (match === null || (unitMs === undefined && Number(match[1]) !== 0))
    throw new InvalidArgumentError('Write it as 90s, 30m, 1h or 2d.');
  return Number(match[1]) * (unitMs ?? 0);
}
