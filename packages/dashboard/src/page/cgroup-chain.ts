import { identify, type Kill } from '@oomwatcher/oom';
import { words } from './language/language.js';

/** One cgroup on the way from the root to the victim. */
export interface Level {
  name: string;
  /** What it is, where its path says. */
  meaning?: string;
  isLimit: boolean;
  isVictim: boolean;
}

/** The victim's cgroup level by level; of a group whose members' places are not known, the group's. */
export function cgroupChain({ cgroup, group }: Kill): Level[] {
  const path = cgroup?.victim ?? cgroup?.limit ?? group?.cgroup;
  if (path === undefined) return [];
  const names = path.split('/').filter((name) => name !== '');
  const levels: Level[] = [levelOf('/', '/', cgroup)];
  names.forEach((name, i) => {
    levels.push(levelOf(name, `/${names.slice(0, i + 1).join('/')}`, cgroup));
  });
  return levels;
}

function levelOf(name: string, path: string, cgroup: Kill['cgroup']): Level {
  const meaning = meaningOf(path);
  return {
    name,
    ...(meaning !== '' && { meaning }),
    isLimit: cgroup?.limit === path,
    isVictim: cgroup?.victim === path,
  };
}

function meaningOf(path: string): string {
  const { scope, inner, ...outer } = identify(path);
  const { container, pod } = inner ?? outer;
  const { levels, level } = words().kill;
  if (scope === undefined) return path === '/' ? levels.node : '';
  if (scope === 'cgroup' || scope === 'node') return '';
  if (scope === 'container' && container?.runtime !== undefined) {
    return level(levels.container, container.runtime);
  }
  return scope === 'pod' && pod !== undefined ? level(levels.pod, pod.qos) : levels[scope];
}
