import { isIP } from 'node:net';
import { InvalidArgumentError } from 'commander';

/** Where to listen. */
export interface ListenAddress {
  host: string;
  port: number;
}

export const defaultAddress: ListenAddress = { host: '127.0.0.1', port: 8420 };

/** `127.0.0.1:8420`, `[::1]:8420`, `:8420` (every address), or `none`. @throws InvalidArgumentError */
export function parseListen(text: string): ListenAddress | 'none' {
  if (text === 'none') return 'none';
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2] ?? '';
  const address = host === '' ? '::' : host === 'localhost' ? '127.0.0.1' : host;
  const port = Number(match?.[3]);
  if (match === null || port > 65535 || isIP(address) === 0) {
    throw new InvalidArgumentError('Write it as 127.0.0.1:8420, [::1]:8420, :8420 or none.');
  }
  return { host: address, port };
}

export function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127\./i.test(address) || address === '::1';
}

/** `http://127.0.0.1:8420` */
export function urlOf({ host, port }: ListenAddress, scheme: 'http' | 'https' = 'http'): string {
  return `${scheme}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}
