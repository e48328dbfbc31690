import type { Kill } from '@oomwatcher/oom';
import { english, type Words } from './english.js';

/** Whose limit was hit, in words. */
export function limitOwner(
  { scope, constraint, trigger }: Kill,
  { limit }: Words = english,
): string {
  if (trigger?.manual) return limit.manual;
  if (constraint === 'cpuset') return limit.cpuset;
  if (constraint === 'memory_policy') return limit.memoryPolicy;
  if (scope !== undefined) return limit.owners[scope];
  return constraint === 'memcg' ? limit.ofMemcg : limit.unknown;
}
