import type { Kill, PodSpec } from '@oomwatcher/oom';
import { english, type Words } from './english.js';
import { limitOwner } from './limit-owner.js';
import { formatLimit } from './sizes.js';

/** Whose limit was hit, in the user's words where they are known, else in the kernel's. */
export function whoseLimit(kill: Kill, words: Words = english): string {
  const { scope } = kill;
  const isOfAll = scope === 'qos' || scope === 'kubepods' || scope === 'node';
  const more = isOfAll ? withoutLimit(kill, words) : scope === undefined ? bySpec(kill, words) : '';
  return reachedLimit(kill, words) ?? `${limitOwner(kill, words)}${more}`;
}

/**
 * Which limit that the user wrote was reached: kubelet gives a pod's cgroup the sum of its containers' limits, and that of
 * a pod with one container is reached before the container's own, for the sandbox's few KiB count there too. What only the
 * spec says is told as the spec's. undefined: names and spec are not known, or it was nobody's of this pod.
 */
export function reachedLimit(kill: Kill, words: Words = english): string | undefined {
  const { scope, pod } = kill;
  if (scope === 'container' && (pod?.container ?? pod?.spec) !== undefined)
    return ofContainer(kill, words);
  return scope === 'pod' && pod?.spec !== undefined ? ofPod(kill, pod.spec, words) : undefined;
}

/** Whether the limit that was hit is, in the user's words, the one of the victim's container. */
export function isContainersLimit(kill: Kill): boolean {
  return kill.scope === 'container' || (kill.scope === 'pod' && isAlone(kill));
}

function ofContainer(kill: Kill, words: Words): string {
  const { memory, pod } = kill;
  const limitKiB = memory?.limitKiB ?? pod?.spec?.limitKiB;
  const { kind } = pod?.spec ?? {};
  if (limitKiB === undefined) return words.limit.container(kind, pod?.container, undefined);
  const said = memory?.limitKiB === undefined ? words.limit.bySpec : otherSpec(kill, words);
  return `${words.limit.container(kind, pod?.container, formatLimit(limitKiB))}${said}`;
}

function ofPod(kill: Kill, spec: PodSpec, words: Words): string {
  if (isAlone(kill)) return ofContainer(kill, words);
  const limitKiB = kill.memory?.limitKiB ?? spec.podLimitKiB;
  const limit = limitKiB === undefined ? undefined : formatLimit(limitKiB);
  const own = ownLimit(kill, words);
  if (spec.podLimitFrom === 'pod') return `${words.limit.podsOwn(limit)}${own}`;
  if (spec.podLimitFrom === undefined) return `${words.limit.notInSpec(limit)}${own}`;
  const isSum = limitKiB === undefined || isSame(limitKiB, spec.podLimitKiB);
  const said = isSum && spec.containers > 1 ? words.limit.sum : words.limit.given;
  return `${said(limit)}${own}`;
}

/**
 * No other container can have used memory of the pod's limit, and that is the container's own. An init container runs when
 * no ordinary one does, and where the pod's limit is no more than its own there is no sidecar beside it.
 */
function isAlone({ memory, pod }: Kill): boolean {
  const { kind, containers, limitKiB, podLimitKiB, podLimitFrom } = pod?.spec ?? {};
  if (podLimitFrom === 'pod') return false;
  if (kind === 'init')
    return (
      limitKiB !== undefined &&
      isSame(memory?.limitKiB ?? limitKiB, limitKiB) &&
      isSame(limitKiB, podLimitKiB)
    );
  if (kind !== 'container' || containers !== 1) return false;
  if (memory?.limitKiB === undefined)
    return limitKiB !== undefined && isSame(limitKiB, podLimitKiB);
  // A limit that the spec does not have has been resized since: it is still made of this one container, if of any.
  return (
    isSame(memory.limitKiB, limitKiB) ||
    (limitKiB !== undefined && !isSame(memory.limitKiB, podLimitKiB))
  );
}

/** A limit is rounded down to pages, of 64 KiB at most. */
function isSame(oneKiB: number, otherKiB: number | undefined): boolean {
  return otherKiB !== undefined && Math.abs(oneKiB - otherKiB) < 64;
}

/** Where a resize is not in force yet, or came after the kill. */
function otherSpec({ memory, pod }: Kill, words: Words): string {
  const { limitKiB } = pod?.spec ?? {};
  if (limitKiB === undefined || isSame(memory?.limitKiB ?? 0, limitKiB)) return '';
  return words.limit.specSays(formatLimit(limitKiB));
}

function ownLimit(kill: Kill, words: Words): string {
  const { container, spec } = kill.pod ?? {};
  if (container === undefined || spec?.kind === undefined) return '';
  if (spec.limitKiB !== undefined)
    return words.limit.mayUse(spec.kind, container, formatLimit(spec.limitKiB));
  return withoutLimit(kill, words);
}

function withoutLimit(kill: Kill, words: Words): string {
  const { container, spec } = kill.pod ?? {};
  if (container === undefined || spec?.kind === undefined || spec.limitKiB !== undefined) return '';
  return words.limit.hasNone(spec.kind, container);
}

function bySpec(kill: Kill, words: Words): string {
  const { container, spec } = kill.pod ?? {};
  if (container === undefined || spec?.kind === undefined) return '';
  if (spec.limitKiB === undefined) return withoutLimit(kill, words);
  return words.limit.specHas(spec.kind, container, formatLimit(spec.limitKiB));
}
