import { describe, expect, test } from 'vitest';

/**
 * `describe` and `test` for what needs something of the machine: each argument is one sentence that says what is missing,
 * or undefined. They are skipped with the reason; where OOMWATCHER_REQUIRE_ALL=1 they fail.
 */
export function needs(...missing: (string | undefined)[]): {
  describe: (name: string, tests: () => void) => void;
  test: (name: string, body: () => void | Promise<void>) => void;
} {
  const reason = missing.find((sentence) => sentence !== undefined);
  if (reason === undefined) return { describe, test };
  const replace = (name: string) => {
    if (process.env.OOMWATCHER_REQUIRE_ALL === '1')
      test(name, () => expect(reason).toBeUndefined());
    else test.skip(`${name} (skipped: ${reason})`);
  };
  return { describe: replace, test: replace };
}
