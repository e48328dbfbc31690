import { notAllowed, Refusal } from '../refusal.js';
import { type ListenAddress, urlOf } from './address.js';

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
