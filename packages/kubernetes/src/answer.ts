import { printable } from '@oomwatcher/explain';
import { readStatus } from './api-objects.js';
import type { ApiResponse } from './client.js';

/** What the server's answer means for what was asked of it. */
export type Meaning<T = unknown> =
  | { kind: 'done'; object: T }
  | { kind: 'exists' }
  | { kind: 'missing' }
  /** The namespace is gone or going: nothing can be made in it any more. */
  | { kind: 'namespace gone' }
  /** The agent may not do this. */
  | { kind: 'refused'; reason: string }
  /** The server will not take this, however often it is asked. */
  | { kind: 'invalid'; reason: string }
  /** Later, perhaps. */
  | { kind: 'retry'; reason: string; afterMs?: number };

/** The only answer that says it is done. */
export interface Expected<T> {
  status: 200 | 201;
  /** undefined: it is not what was asked for. */
  read: (body: unknown) => T | undefined;
}

const maxSaid = 300;

/**
 * Only the object that was asked for says done, and only a `Status` object says never: a login page's 200 lost every
 * event, and the 404 of a load balancer that began before its server put events aside for minutes.
 *
 * @param asked what was asked for, as `create events in the namespace shop`
 */
export function meaningOf<T>(
  { status: code, body, contentType, retryAfterMs }: ApiResponse,
  asked: string,
  expected: Expected<T>,
): Meaning<T> {
  if (code >= 200 && code < 300) {
    const object = code === expected.status ? expected.read(body) : undefined;
    if (object !== undefined) return { kind: 'done', object };
    return {
      kind: 'retry',
      reason: `something other than the Kubernetes API server answered when the agent was to ${asked} (${code}, ${contentType}): look what stands between the two`,
    };
  }
  const status = readStatus(body);
  const isOwn = status !== undefined && (status.code ?? code) === code;
  const { message = '', reason, details } = isOwn ? status : {};
  const said = isOwn ? shown(message) : `${contentType}, not the server's own word`;
  const detail = said === '' ? `${code}` : `${code}, ${said}`;
  const sentence = `the Kubernetes API server did not ${asked} (${detail})`;
  const later: Meaning<T> = {
    kind: 'retry',
    reason: sentence,
    ...(retryAfterMs !== undefined && { afterMs: retryAfterMs }),
  };
  if (code === 401) {
    return {
      ...later,
      reason: `the Kubernetes API server does not know the agent: check its token or certificate (${detail})`,
    };
  }
  if (!isOwn) return later;
  if (code === 404 && details?.kind === 'namespaces') return { kind: 'namespace gone' };
  if (code === 404) return { kind: 'missing' };
  if (code === 409 && reason === 'AlreadyExists') return { kind: 'exists' };
  if (code === 403) {
    if (details?.causes?.some((cause) => cause.reason === 'NamespaceTerminating'))
      return { kind: 'namespace gone' };
    return {
      kind: 'refused',
      reason: `the agent may not ${asked}: grant it to its ServiceAccount in a ClusterRole (${detail})`,
    };
  }
  const mayPass = code < 400 || code === 408 || code === 409 || code === 429 || code >= 500;
  return mayPass ? later : { kind: 'invalid', reason: sentence };
}

function shown(message: string): string {
  return printable(message.slice(0, 4 * maxSaid)).slice(0, maxSaid);
}
