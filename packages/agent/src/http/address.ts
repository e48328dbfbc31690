import { isIP } from 'node:net';
import { InvalidArgumentError } from 'commander';
import { notAllowed, Refusal } from '../refusal.js';

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

const remedies: Record<string, string> = {
  EADDRINUSE: 'end the program that has the port, or name another one with --listen',
  EADDRNOTAVAIL: 'name an address of this machine with --listen',
};

/** Why an address that was asked for cannot be had, for whoever asked. */
export function listenRefusal(
  address: ListenAddress,
  { code = 'unknown' }: NodeJS.ErrnoException,
): Refusal {
  const what = `cannot listen at ${urlOf(address)} (${code})`;
  if (code === 'EACCES') {
    return notAllowed(
      `${what}: grant CAP_NET_BIND_SERVICE, or name a port from 1024 on with --listen`,
    );
  }
  return new Refusal(`${what}: ${remedies[code] ?? 'name another address with --listen'}`);
}
