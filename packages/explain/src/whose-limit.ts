import type { Kill, PodSpec } from '@oomwatcher/oom';
import { limitOwner } from './limit-owner.js';
import { formatLimit } from './sizes.js';

const kinds = {
  container: 'container',
  init: 'init container',
  sidecar: 'sidecar container',
  ephemeral: 'ephemeral container',
};

/** Whose limit was hit, in the user's words where they are known, else in the kernel's. */
export function whoseLimit(kill: Kill): string {
  const { scope } = kill;
  const isOfAll = scope === 'qos' || scope === 'kubepods' || scope === 'node';
  const more = isOfAll ? withoutLimit(kill) : scope === undefined ? bySpec(kill) : '';
  return reachedLimit(kill) ?? `${limitOwner(kill)}${more}`;
}

/**
 * Which limit that the user wrote was reached: kubelet gives a pod's cgroup the sum of its containers' limits, and that of
 * a pod with one container is reached before the container's own, for the sandbox's few KiB count there too. What only the
 * spec says is told as the spec's. undefined: names and spec are not known, or it was nobody's of this pod.
 */
export function reachedLimit(kill: Kill): string | undefined {
  const { scope, pod } = kill;
  if (scope === 'container' && (pod?.container ?? pod?.spec) !== undefined)
    return ofContainer(kill);
  return scope === 'pod' && pod?.spec !== undefined ? ofPod(kill, pod.spec) : undefined;
}

/** Whether the limit that was hit is, in the user's words, the one of the victim's container. */
export function isContainersLimit(kill: Kill): boolean {
  return kill.scope === 'container' || (kill.scope === 'pod' && isAlone(kill));
}

function ofContainer(kill: Kill): string {
  const { memory, pod } = kill;
  const limitKiB = memory?.limitKiB ?? pod?.spec?.limitKiB;
  if (limitKiB === undefined) return `${nameOf(kill)} reached its memory limit`;
  const said = memory?.limitKiB === undefined ? " (by the pod's spec)" : otherSpec(kill);
  return `${nameOf(kill)} reached its memory limit of ${formatLimit(limitKiB)}${said}`;
}

function ofPod(kill: Kill, spec: PodSpec): string {
  if (isAlone(kill)) return ofContainer(kill);
  const limitKiB = kill.memory?.limitKiB ?? spec.podLimitKiB;
  const limit = limitKiB === undefined ? '' : formatLimit(limitKiB);
  const of = limit && ` of ${limit}`;
  const own = ownLimit(kill);
  if (spec.podLimitFrom === 'pod') return `the pod reached its own memory limit${of}${own}`;
  if (spec.podLimitFrom === undefined)
    return `the pod reached a memory limit${of} that its spec does not have now${own}`;
  const isSum = limitKiB === undefined || isSame(limitKiB, spec.podLimitKiB);
  return isSum && spec.containers > 1
    ? `the pod's containers together reached the sum of their memory limits${limit && `, ${limit}`}${own}`
    : `the pod reached the memory limit${of} that its containers' limits give it${own}`;
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
function otherSpec({ memory, pod }: Kill): string {
  const { limitKiB } = pod?.spec ?? {};
  if (limitKiB === undefined || isSame(memory?.limitKiB ?? 0, limitKiB)) return '';
  return ` (the pod's spec says ${formatLimit(limitKiB)})`;
}

function ownLimit(kill: Kill): string {
  const { container, spec } = kill.pod ?? {};
  if (container === undefined || spec?.kind === undefined) return '';
  if (spec.limitKiB !== undefined)
    return `; ${nameOf(kill)} may use ${formatLimit(spec.limitKiB)} by the pod's spec`;
  return withoutLimit(kill);
}

function withoutLimit(kill: Kill): string {
  const { container, spec } = kill.pod ?? {};
  if (container === undefined || spec?.kind === undefined || spec.limitKiB !== undefined) return '';
  const can = spec.kind === 'ephemeral' ? 'can have no' : 'has no';
  return `; ${nameOf(kill)} ${can} memory limit of its own`;
}

function bySpec(kill: Kill): string {
  const { container, spec } = kill.pod ?? {};
  if (container === undefined || spec?.kind === undefined) return '';
  if (spec.limitKiB === undefined) return withoutLimit(kill);
  return `; by the pod's spec ${nameOf(kill)} has a memory limit of ${formatLimit(spec.limitKiB)}`;
}

function nameOf({ pod }: Kill): string {
  if (pod?.container === undefined) return 'the container';
  return `${kinds[pod.spec?.kind ?? 'container'] ?? 'container'} ${pod.container}`;
}
