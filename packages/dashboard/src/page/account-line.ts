import type { AccountSinceBoot } from '@oomwatcher/journal';
import { count, plural } from './words.js';

/** The account in one sentence: what the kernel has counted, and where each of these kills is. */
export function accountSentence(account: AccountSinceBoot): string {
  const { kernelKills, kills, repeats, beforeFirstWatch = 0, whileAway, unaccounted } = account;
  if (kernelKills === undefined) {
    return `${plural(kills, 'kill')} here; this kernel keeps no count of its own to hold them against`;
  }
  const parts = [`${plural(kernelKills, 'kill')} by the kernel`, `${count(kills)} here`];
  if (repeats > 0) parts.push(`${count(repeats)} that it counted twice`);
  if (beforeFirstWatch > 0) parts.push(`${count(beforeFirstWatch)} from before the first watch`);
  if (whileAway > 0) parts.push(`${count(whileAway)} while nobody watched`);
  if (unaccounted !== undefined) parts.push(`${count(unaccounted)} unaccounted`);
  return parts.join(', ');
}
