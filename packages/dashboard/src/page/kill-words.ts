import { groupWords } from '@oomwatcher/explain';
import { type Kill, timeMsOf } from '@oomwatcher/oom';
import { duration } from './words.js';

export function title({ victim }: Kill): string {
  return victim === undefined
    ? 'A process whose line was lost was killed'
    : `${victim.name} was killed`;
}

/** Where it ran, and with whom it was killed. */
export function lead(kill: Kill): string {
  const { pod, container, inner, cgroup, group } = kill;
  const sentences: string[] = [];
  if (pod?.name !== undefined) {
    sentences.push(
      `It ran in ${pod.container === undefined ? '' : `container ${pod.container} of `}pod ${pod.namespace ?? ''}/${pod.name}.`,
    );
  } else if (pod !== undefined) sentences.push(`It ran in a pod with the uid ${pod.uid}.`);
  else if (container !== undefined) {
    sentences.push(`It ran in container ${container.name ?? container.id.slice(0, 12)}.`);
  } else if (cgroup?.victim === undefined) sentences.push('Its cgroup is not known.');
  if (inner?.pod !== undefined)
    sentences.push(`A cluster in that pod calls it pod ${inner.pod.uid}.`);
  if (group !== undefined) {
    sentences.push(`It is ${groupWords(group)}.`);
  }
  return sentences.join(' ');
}

/** For another reader, whose zone is not this one's. */
export function whenWords(kill: Kill, recordedMs: number | undefined): string {
  const timeMs = timeMsOf(kill, recordedMs);
  const parts: string[] = [];
  if (timeMs !== undefined) parts.push(new Date(timeMs).toISOString());
  if (kill.monotonicUs !== undefined) parts.push(sinceBoot(kill));
  if (kill.host !== undefined) parts.push(`on ${kill.host}`);
  return parts.join(', ');
}

export function sinceBoot({ monotonicUs = 0 }: Kill): string {
  return `${duration(monotonicUs / 1000)} after boot`;
}
