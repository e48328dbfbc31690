import { createRequire } from 'node:module';

/** The agent's version, from its manifest. */
export const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
