import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The checkout. */
export const root = join(import.meta.dirname, '../..');

/** Throwaway files of these tests; ignored by git. */
export const buildFolder = join(root, 'test/build');

/** The command as `npm start` and a package's user get it. */
export const command = join(root, 'packages/agent/bin/oomwatcher.cjs');

/** Debian's Chromium, or Chrome, which CI machines of others have. */
export const chromiumPath = existsSync('/usr/bin/google-chrome')
  ? '/usr/bin/google-chrome'
  : '/usr/bin/chromium';
