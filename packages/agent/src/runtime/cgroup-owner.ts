import { type Kill, placeKill } from '@oomwatcher/oom';

/** Whose a cgroup is, as in the record of a kill. */
export type CgroupOwner = Pick<Kill, 'pod' | 'container'>;

/** Adds what is known of a kill; the very same kill where that is nothing. */
export type Enricher = (kill: Kill) => Kill;

/** The kill with what all of them know. */
export function enriched(enrichers: readonly Enricher[], kill: Kill): Kill {
  return enrichers.reduce((known, enrich) => enrich(known), kill);
}

/** Who would be named at a kill in that cgroup. */
export function ownerFrom(enrichers: readonly Enricher[], path: string): CgroupOwner {
  const bare: Kill = { schema: 'oomwatcher.kill/v1', id: '', complete: false };
  const { pod, container } = enriched(enrichers, placeKill(bare, path, 'proc'));
  return { ...(pod !== undefined && { pod }), ...(container !== undefined && { container }) };
}
