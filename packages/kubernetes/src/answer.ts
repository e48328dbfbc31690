import { printable } from '@oomwatcher/explain';
import type { ApiResponse } from './client.js';

/** The parts of a metav1.Status that are looked at. */
interface Status {
  message?: string;
  reason?: string;
  details?: { kind?: string; causes?: { reason?: string }[] };
}

/** What the server's answer means for what was asked of it. */
export type Meaning =
  | { kind: 'done' }
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

/** @param asked what was asked for, as `create events in the namespace shop` */
export function meaningOf({ status, body, retryAfterMs }: ApiResponse, asked: string): Meaning {
  const { message = '', reason, details } = (body ?? {}) as Status;
  const said = `${status}${message === '' ? '' : `, ${printable(message).slice(0, 300)}`}`;
  if (status >= 200 && status < 300) return { kind: 'done' };
  if (status === 404 && details?.kind === 'namespaces') return { kind: 'namespace gone' };
  if (status === 404) return { kind: 'missing' };
  if (status === 409 && reason === 'AlreadyExists') return { kind: 'exists' };
  if (status === 403) {
    if (details?.causes?.some((cause) => cause.reason === 'NamespaceTerminating'))
      return { kind: 'namespace gone' };
    return {
      kind: 'refused',
      reason: `the agent may not ${asked}: grant it to its ServiceAccount in a ClusterRole (${said})`,
    };
  }
  if (status === 401) {
    return {
      kind: 'retry',
      reason: `the Kubernetes API server does not know the agent: check its token or certificate (${said})`,
    };
  }
  const transient = status === 408 || status === 409 || status === 429 || status >= 500;
  const sentence = `the Kubernetes API server did not ${asked} (${said})`;
  if (!transient) return { kind: 'invalid', reason: sentence };
  return {
    kind: 'retry',
    reason: sentence,
    ...(retryAfterMs !== undefined && { afterMs: retryAfterMs }),
  };
}
