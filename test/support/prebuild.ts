import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './paths.ts';

/** Makes the addon that is published, for this machine or for the one that CXX in `environment` builds for. */
export function prebuildAddon(environment: NodeJS.ProcessEnv = {}): void {
  execFileSync('sh', ['prebuild/prebuild.sh'], {
    cwd: join(root, 'native'),
    env: { ...process.env, ...environment },
    stdio: 'pipe',
  });
}
