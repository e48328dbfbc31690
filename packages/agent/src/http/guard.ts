import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Why a request is not answered. */
export interface Refusal {
  status: 401 | 403 | 421;
  reason: string;
}

/**
 * Who may ask. On a loopback address: whoever is on this machine, but no web page that a name of its own leads here (DNS
 * rebinding): a browser then sends that name as Host. On any other address: whoever has the token.
 */
export class Guard {
  readonly #digest: Buffer | undefined;
  readonly #isLoopback: boolean;

  constructor({ isLoopback, token }: { isLoopback: boolean; token?: string | undefined }) {
    this.#isLoopback = isLoopback;
    this.#digest = token === undefined ? undefined : digest(token);
  }

  /** @param open whether the answer is for everybody who can reach the address: metrics and health */
  refusal(request: IncomingMessage, open: boolean): Refusal | undefined {
    if (this.#isLoopback && !isOwnName(request.headers.host ?? '')) {
      return {
        status: 421,
        reason: 'the Host is not this machine: use 127.0.0.1 or localhost',
      };
    }
    if (open || (this.#digest === undefined && this.#isLoopback)) return undefined;
    if (this.#digest === undefined) {
      return {
        status: 403,
        reason:
          'only metrics and health are shown on this address: start the agent with --token-file',
      };
    }
    if (hasToken(request.headers.authorization ?? '', this.#digest)) return undefined;
    return {
      status: 401,
      reason: 'a token is needed: send it as a bearer token, or as the password of any user',
    };
  }
}

function hasToken(authorization: string, expected: Buffer): boolean {
  const [, scheme = '', credentials = ''] = /^(\w+) +(\S+) *$/.exec(authorization) ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return timingSafeEqual(digest(credentials), expected);
    case 'basic': {
      const pair = Buffer.from(credentials, 'base64').toString();
      return timingSafeEqual(digest(pair.slice(pair.indexOf(':') + 1)), expected);
    }
    default:
      return false;
  }
}

/** Of equal length whatever the token's is. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** An address, or localhost: a name that only this machine gives itself. */
function isOwnName(host: string): boolean {
  const name = host.replace(/:\d+$/, '');
  if (/^localhost$/i.test(name)) return true;
  return isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0;
}
