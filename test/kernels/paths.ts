import { join } from 'node:path';

export const here = import.meta.dirname;
/** The checkout. */
export const root = join(here, '../..');
/** Kernels and package lists, to be kept between runs. */
export const cacheFolder = process.env.OOMWATCHER_KERNEL_CACHE ?? join(here, 'cache');
/** What the guests recorded: the raw kernel log, the truth and the agent's output of each scenario. */
export const capturesFolder = join(here, 'captures-out');
export const resultsFile = join(here, 'results.json');
export const page = join(root, 'docs/kernels.md');
