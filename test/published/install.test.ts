import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { Agent } from '../support/agent.ts';
import {
  builtAgent,
  builtBundle,
  needs,
  nodeRegistry,
  oomKills,
  prebuildTools,
} from '../support/needs.ts';
import { nodeFolder, nodeVersions } from '../support/node-versions.ts';
import { buildFolder } from '../support/paths.ts';
import { installPackages } from '../support/registry.ts';
import { killOne } from '../support/storm.ts';
import { packAll } from '../support/tarballs.ts';
import { readManifest } from '../support/workspaces.ts';

needs(builtAgent, builtBundle, prebuildTools, nodeRegistry, oomKills).describe(
  'npm install --global oomwatcher',
  () => {
    const tarballs: ReturnType<typeof packAll> = [];
    beforeAll(() => {
      tarballs.push(...packAll());
    });

    it.each(nodeVersions)(
      'gives a command that sees a kill through the addon, on Node %s',
      async (version) => {
        const node = nodeFolder(version);
        const prefix = join(buildFolder, `prefix-${version}`);
        rmSync(prefix, { recursive: true, force: true });
        mkdirSync(prefix, { recursive: true });
        await installPackages(tarballs, ['oomwatcher'], { folder: prefix, global: true, node });

        const command = join(prefix, 'bin/oomwatcher');
        // Of the system's folders only, so that nothing but the installation can be found.
        const env = { PATH: `${node}:/usr/sbin:/usr/bin:/sbin:/bin` };
        const printed = execFileSync(command, ['--version'], { env, encoding: 'utf8' });
        expect(printed).toBe(`${readManifest('packages/agent').version}\n`);

        await using agent = await Agent.watching(['watch', '--json'], { command, env });
        expect(agent.notices('source')).toMatchObject([{ source: 'native' }]);
        const { pid } = await killOne({ comm: 'installed' });
        const kill = await agent.until('reports the kill', () => agent.killOf(pid));
        expect(kill.victim?.name).toBe('installed');
      },
    );

    it('installs the bundle and the addon, not what the bundle was made of', () => {
      const modules = join(buildFolder, `prefix-${nodeVersions[0]}/lib/node_modules/oomwatcher`);
      expect(existsSync(join(modules, 'node_modules/@oomwatcher/native'))).toBe(true);
      for (const name of ['@kubernetes', '@opentelemetry', 'commander', '@oomwatcher/watcher']) {
        expect(existsSync(join(modules, 'node_modules', name)), name).toBe(false);
      }
    });
  },
);
