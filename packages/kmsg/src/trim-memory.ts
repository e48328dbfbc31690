import { loadAddon } from './addon.js';

/**
 * Gives the kernel back what this process has of memory and does not need: garbage, holes in V8's heap and in malloc's. It
 * takes 30 to 60 ms, in which this thread does nothing else. Returns false where that cannot be had (no addon, another engine).
 */
export function trimMemory(): boolean {
  return loadAddon().addon?.trimMemory() ?? false;
}
