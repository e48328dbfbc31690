import { InvalidArgumentError } from 'commander';

/** `+02:00`, `-5`, `Z` -> minutes east of Greenwich. @throws InvalidArgumentError */
export function parseUtcOffset(text: string): number {
  const match = /^(?:Z|([+-]?)(\d{1,2})(?::?([0-5]\d))?)$/i.exec(text);
  if (match === null || Number(match[2] ?? 0) > 14) {
    throw new InvalidArgumentError('Write it as +02:00, -05:30 or Z.');
  }
  const minutes = Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
  return match[1] === '-' ? -minutes : minutes;
}
