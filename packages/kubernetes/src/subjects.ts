import type { Kill } from '@oomwatcher/oom';

/** Which kills become events of the Node: only the node's own lack of memory, or every one (as kubelet before 1.19). */
export type NodeEvents = 'system' | 'all';

/** The object that an event is about: the Node that the agent runs on, or a pod by its UID. */
export type Subject = 'node' | `pod:${string}`;

/** Whom the events of a kill are about: a pod's process killed for the node's lack of memory is of both. */
export function subjectsOf({ scope, pod }: Kill, nodeEvents: NodeEvents): Subject[] {
  const subjects: Subject[] = [];
  if (nodeEvents === 'all' || scope === 'node') subjects.push('node');
  if (pod !== undefined) subjects.push(`pod:${pod.uid}`);
  return subjects;
}

/** undefined: the node. */
export function podUidOf(subject: Subject): string | undefined {
  return subject === 'node' ? undefined : subject.slice('pod:'.length);
}
