import { closeSync, existsSync, openSync } from 'node:fs';

function missing(): string | undefined {
  if (!existsSync(new URL('../build/Release/kmsg.node', import.meta.url))) {
    return 'the addon is not built';
  }
  try {
    closeSync(openSync('/dev/kmsg', 'r'));
  } catch (error) {
    return `the kernel's log cannot be read: ${(error as Error).message}`;
  }
  return undefined;
}

/** Whether tests of the addon on the real log must be skipped; prints why. */
export function mustSkip(): boolean {
  const reason = missing();
  if (reason === undefined) return false;
  if (process.env.OOMWATCHER_REQUIRE_ALL === '1') throw new Error(reason);
  console.log(`skipped: ${reason}`);
  return true;
}
