import { builtAddon, builtAgent, needs, type Requirement } from './needs.ts';

export type Source = 'native' | 'portable';

/** The same tests on both readers of /dev/kmsg: what one cannot do, the other must not promise. */
export function describeSources(
  name: string,
  requirements: Requirement[],
  tests: (source: Source) => void,
): void {
  needs(builtAgent, builtAddon, ...requirements).describe(`${name} (native)`, () =>
    tests('native'),
  );
  needs(builtAgent, ...requirements).describe(`${name} (portable)`, () => tests('portable'));
}
