import { InvalidArgumentError } from 'commander';

/** @throws InvalidArgumentError */
export function parseOtlpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError('Write it as http://127.0.0.1:4318.');
  }
  return text;
}
