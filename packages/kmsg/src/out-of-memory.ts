import { loadAddon } from './addon.js';

/**
 * From now on a heap of this thread that reaches its limit ends the process by `exitCode`, with `sentence` on standard error
 * instead of Node's thirty lines about its own machine code. Returns false where that cannot be had (no addon, another
 * engine): Node aborts then, which a shell tells as 134.
 */
export function endWhenOutOfMemory(sentence: string, exitCode: number): boolean {
  return loadAddon().addon?.endWhenOutOfMemory(sentence, exitCode) ?? false;
}
