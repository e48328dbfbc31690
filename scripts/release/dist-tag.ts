/**
 * The name under which npm offers a version. Without one every publication becomes `latest`, which is what `npm install`
 * takes: also a release candidate, and a repair of an older version.
 *
 * @param latest the version that is `latest` now; undefined: there is none yet
 */
export function distTag(version: string, latest: string | undefined): string {
  if (version.includes('-')) return 'next';
  if (latest === undefined || isAtLeast(numbers(version), numbers(latest))) return 'latest';
  const [major, minor] = numbers(version);
  return `release-${major}.${minor}`;
}

function numbers(version: string): number[] {
  const [core = ''] = version.split(/[-+]/);
  return core.split('.').map(Number);
}

function isAtLeast(a: number[], b: number[]): boolean {
  for (const [index, number] of a.entries()) {
    const other = b[index] ?? 0;
    if (number !== other) return number > other;
  }
  return true;
}
