import { readFileSync, writeFileSync } from 'node:fs';

const levels = '/proc/sys/kernel/printk';

/**
 * Keeps all but emergencies off the kernel's consoles until disposed of. The log itself is the same: whoever prints a
 * line writes it to a serial console first, at 11 bytes a millisecond, and is not free before that.
 */
export function quietConsole(): Disposable {
  const [before = '7'] = readFileSync(levels, 'utf8').split('\t');
  writeFileSync(levels, '1');
  return { [Symbol.dispose]: () => writeFileSync(levels, before) };
}
