import type { Kill, OtherPod } from '@oomwatcher/oom';
import { english, type Words } from './english.js';
import { printable } from './printable.js';
import { formatKiB } from './sizes.js';

// Of a node that ran out of memory: which pods but the victim's had no limit, and how far each was over its request.

/** What a table has of one pod. */
export interface OtherPodRow {
  /** As it is: printable.ts is for whoever shows it. */
  name: string;
  heldKiB: number;
  /** `requests 512.0 MiB, 1.6 GiB less`, `no limit`, joined. */
  about: string;
}

/** Pods that are told one by one in a sentence. */
const maxTold = 3;

/** One row a pod, biggest first. */
export function otherPodRows({ otherPods }: Kill, words: Words = english): OtherPodRow[] {
  return (otherPods?.biggest ?? []).map((pod) => {
    const { limitKiB } = pod;
    const limit =
      limitKiB === undefined ? words.otherPods.noLimit : words.otherPods.limit(formatKiB(limitKiB));
    const about = [requestWords(pod, words), limit].filter((part) => part !== undefined);
    return { name: nameOf(pod), heldKiB: heldKiB(pod), about: about.join(words.comma) };
  });
}

/** Who they are, and when they were read: what a table of them is called. */
export function otherPodsTitle({ otherPods }: Kill, words: Words = english): string | undefined {
  if (otherPods === undefined) return undefined;
  const { biggest, count, afterMs } = otherPods;
  return words.otherPods.title(biggest.length, count, afterMs);
}

/** What to change about them. One sentence a line. */
export function otherPodsAdvice({ otherPods }: Kill, words: Words = english): string[] {
  if (otherPods === undefined) return [];
  const { biggest, count } = otherPods;
  const tell = (pods: readonly OtherPod[], say: Words['otherPods']['withoutLimit']) => {
    if (pods.length === 0) return [];
    const told = pods.slice(0, maxTold).map((pod) => inWords(pod, words));
    return [say(told, pods.length - told.length, biggest.length, count)];
  };
  const without = biggest.filter(({ limitKiB }) => limitKiB === undefined);
  const over = biggest.filter((pod) => pod.limitKiB !== undefined && overKiB(pod) > 0);
  return [
    ...tell(without, words.otherPods.withoutLimit),
    ...tell(
      over.toSorted((a, b) => overKiB(b) - overKiB(a)),
      words.otherPods.overRequest,
    ),
  ];
}

function inWords(pod: OtherPod, words: Words): string {
  const facts = [formatKiB(heldKiB(pod)), requestWords(pod, words)];
  return words.otherPods.pod(
    printable(nameOf(pod)),
    facts.filter((fact) => fact !== undefined).join(words.comma),
  );
}

/** undefined: its spec is not known. */
function requestWords(pod: OtherPod, { otherPods }: Words): string | undefined {
  const { requestKiB } = pod;
  if (requestKiB === undefined) return undefined;
  if (requestKiB === 0) return otherPods.noRequest;
  const over = overKiB(pod);
  return otherPods.request(formatKiB(requestKiB), over > 0 ? formatKiB(over) : undefined);
}

/** Page cache could be taken back, and kubelet's working set has the active part of it: at the least this is over. */
function overKiB(pod: OtherPod): number {
  const { requestKiB = Number.POSITIVE_INFINITY } = pod;
  return heldKiB(pod) - requestKiB;
}

function heldKiB({ usageKiB, fileKiB }: OtherPod): number {
  return Math.max(0, usageKiB - fileKiB);
}

function nameOf({ namespace, name, uid }: OtherPod): string {
  return name === undefined ? uid : `${namespace ?? ''}/${name}`;
}
