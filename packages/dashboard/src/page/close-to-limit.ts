import { cgroupName, formatKiB, formatRate } from '@oomwatcher/explain';
import type { CgroupMemory, MemoryAnswer } from '../api/memory.js';
import { el, fill } from './dom.js';
import { words } from './language/language.js';

const everyMs = 5000;
const maxShown = 5;

/** The cgroups above 80 % of their limit, while there are any: who will be killed next. @param isShown whether somebody sees it */
export function followCloseToLimit(host: HTMLElement, isShown: () => boolean): void {
  const look = async () => {
    const cgroups = isShown() ? await ask() : undefined;
    host.hidden = cgroups === undefined || cgroups.length === 0 || !isShown();
    if (cgroups !== undefined) {
      fill(
        host,
        el('h2', { attributes: { id: 'close-title' } }, words().close.title),
        el('ul', {}, ...cgroups.map(line)),
      );
    }
    setTimeout(look, everyMs);
  };
  void look();
}

/** undefined: the agent does not answer, which the page says elsewhere, or it does not sample. */
async function ask(): Promise<readonly CgroupMemory[] | undefined> {
  try {
    const response = await fetch(`/api/v1/memory?limit=${maxShown}`);
    return response.ok ? ((await response.json()) as MemoryAnswer).cgroups : undefined;
  } catch {
    return undefined;
  }
}

function line(cgroup: CgroupMemory): HTMLElement {
  const { path, usageKiB, limitKiB, workingSetKiB = usageKiB } = cgroup;
  const percent = (kib: number) => Math.min(100, Math.round((kib / Math.max(1, limitKiB)) * 100));
  return el(
    'li',
    {},
    el('span', { class: 'path', attributes: { title: path } }, cgroupName(cgroup)),
    el(
      'div',
      { class: 'bar-track', attributes: { 'aria-hidden': 'true' } },
      el('i', { class: 'used', style: { width: `${percent(usageKiB)}%` } }),
      el('i', { class: 'victim', style: { width: `${percent(workingSetKiB)}%` } }),
    ),
    el('span', {}, closeWords(cgroup)),
  );
}

/** `90 % of 256.0 MiB, page cache 4 %, +3.0 MiB/s, at its limit in 12 s, 3 kills today` */
export function closeWords(cgroup: CgroupMemory): string {
  const {
    usageKiB,
    limitKiB,
    workingSetKiB,
    growthKiBPerS = 0,
    secondsToLimit,
    killsToday,
  } = cgroup;
  const { close } = words();
  const percent = (kib: number) => `${Math.round((kib / Math.max(1, limitKiB)) * 100)} %`;
  const parts = [close.used(percent(usageKiB), formatKiB(limitKiB))];
  if (workingSetKiB !== undefined && workingSetKiB < usageKiB)
    parts.push(close.pageCache(percent(usageKiB - workingSetKiB)));
  if (growthKiBPerS > 0) parts.push(`+${formatRate(growthKiBPerS, 1e6)}`);
  if (secondsToLimit !== undefined) parts.push(close.atLimitIn(secondsToLimit * 1e6));
  if (killsToday) parts.push(close.killsToday(killsToday));
  return parts.join(close.separator);
}
