// Installs the packages with each package manager, with a compiler and without, from a registry on loopback: nothing is
// built, nothing is warned of, the addon is live and the command runs. Arguments: parts of names (default: all).
import { serve } from '../support/registry.ts';
import { packAll } from '../support/tarballs.ts';
import { readManifest } from '../support/workspaces.ts';
import { tryManager } from './installation.ts';
import { managers } from './managers.ts';

const wanted = process.argv.slice(2);
const chosen = managers.filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);
await using registry = await serve(packAll());
const { version } = readManifest('packages/agent');
for (const manager of chosen) {
  for (const compiler of [true, false]) {
    const what = `${manager.name}, ${compiler ? 'with' : 'without'} a compiler`;
    try {
      const outcome = await tryManager(manager, registry.url, { compiler });
      const { complaints, built, addon, seconds } = outcome;
      const isRight =
        complaints.length + built.length === 0 &&
        addon === 'prebuilt' &&
        outcome.version === version;
      console.log(`${isRight ? 'ok' : 'NOT OK'}  ${what}: ${seconds.toFixed(1)} s, ${addon}`);
      if (isRight) continue;
      console.log(JSON.stringify({ complaints, built, version: outcome.version }, null, 2));
      console.log(outcome.output);
    } catch (error) {
      console.log(`NOT OK  ${what}: ${(error as Error).message}`);
    }
    process.exitCode = 1;
  }
}
