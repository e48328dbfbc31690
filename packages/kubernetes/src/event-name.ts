import { createHash } from 'node:crypto';

/** A DNS subdomain (RFC 1123), as the API server checks the names of objects. */
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const maxNameLength = 253;
const hashDigits = 16;

/**
 * The name of the event that is about this object because of this kill: the same whenever it is asked for, so that a
 * retry or a restarted agent meets its own event ("already exists") and never makes a second one. As client-go's,
 * `<object>.<16 hex digits>`; where the object's name leaves no room or may not stand in it, `node.` or `pod.`.
 *
 * @param key distinguishes the events that kills of the same object have
 */
export function eventName(kind: 'Node' | 'Pod', objectName: string, key: string): string {
  const hash = createHash('sha256').update(`${kind}\0${objectName}\0${key}`).digest('hex');
  const suffix = hash.slice(0, hashDigits);
  const fits = objectName.length + 1 + hashDigits <= maxNameLength && subdomain.test(objectName);
  return `${fits ? objectName : kind.toLowerCase()}.${suffix}`;
}
