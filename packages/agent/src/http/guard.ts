import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Why a request is not answered. */
export interface Refusal {
  status: 400 | 401 | 403 | 421;
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
    if ((request.headersDistinct.host ?? []).length > 1) {
      return {
        status: 400,
        reason: 'a request has one Host: which of several is meant nobody knows',
      };
    }
    if (isOfAnotherSite(request)) {
      return { status: 403, reason: 'a page of another site has asked: open this one by itself' };
    }
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

/**
 * Whether a page of another origin has made the browser ask. It could not read the answer, but it has no business to
 * cause the work, and to measure it. A link that leads here is followed.
 */
function isOfAnotherSite({ headers }: IncomingMessage): boolean {
  const { origin, host = '' } = headers;
  if (origin !== undefined && hostOf(origin) !== host.toLowerCase()) return true;
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return false;
  return headers['sec-fetch-mode'] !== 'navigate' || headers['sec-fetch-dest'] !== 'document';
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
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
