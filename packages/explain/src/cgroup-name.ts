import type { Kill } from '@oomwatcher/oom';

/** A cgroup, and the pod and container that it is or is in. */
export type NamedCgroup = { path: string } & Pick<Kill, 'pod' | 'container'>;

/** What people call a cgroup: `shop/web-0/app` or `web-1` where the names are known, and what is below it; else its path. */
export function cgroupName({ path, pod, container }: NamedCgroup): string {
  const ofPod = [pod?.namespace, pod?.name, pod?.container].filter((name) => name !== undefined);
  const name = pod?.name === undefined ? container?.name : ofPod.join('/');
  if (name === undefined) return path;
  const inside = container === undefined ? '' : (path.split(container.id)[1] ?? '');
  return inside.includes('/') ? `${name}${inside.slice(inside.indexOf('/'))}` : name;
}
