import type { Amendment } from '@oomwatcher/oom';
import { groupWords } from './kill-words.js';
import { printable } from './printable.js';
import type { Style } from './style.js';

/** One line for what became known of a kill after its own line was shown. */
export function amendmentLine({ id, fields }: Amendment, style: Style): string {
  const { group, cgroup } = fields;
  const parts = [
    group === null ? 'of no group' : group !== undefined && groupWords(group),
    cgroup?.victim !== undefined && `in ${printable(cgroup.victim)}`,
  ].filter((part) => part !== false);
  const words = parts.length > 0 ? parts.join(', ') : Object.keys(fields).join(', ');
  return `${style('dim', `kill ${printable(id)} after all:`)} ${words}`;
}
