import type { Kill } from '@oomwatcher/oom';
import { english, type Words } from './english.js';
import { runUpFacts } from './run-up-facts.js';

/** What grew before a kill, one statement a line; empty: nobody watched. Names are as they are, as in kill-words.ts. */
export function runUpWords(kill: Kill, { runUp }: Words = english): string[] {
  return runUpFacts(kill).map((fact) => runUp.fact(fact));
}
