import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { Agent } from './support/agent.ts';
import { capabilitiesOf } from './support/capabilities.ts';
import {
  builtAddon,
  builtAgent,
  needs,
  oomKills,
  setpriv,
  systemdAnalyze,
} from './support/needs.ts';
import { root } from './support/paths.ts';
import { killOne } from './support/storm.ts';

const path = join(root, 'deploy/systemd/oomwatcher.service');
const unit = readFileSync(path, 'utf8');
const setting = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1] ?? '';

/** 0 to 100; the unit's is 21 with systemd 252. What is left is what the agent needs: /proc, the log, the network. */
const maxExposure = 25;

describe('the systemd unit', () => {
  needs(systemdAnalyze).it('says nothing that systemd does not know', () => {
    const folder = temporaryFolder();
    const copy = join(folder, 'oomwatcher.service');
    // The command and its manual need not be installed here.
    writeFileSync(
      copy,
      unit.replace(/^ExecStart=\S+/m, 'ExecStart=/bin/true').replace(/^Documentation=.*$/m, ''),
    );
    const printed = execFileSync('sh', ['-c', 'systemd-analyze verify "$0" 2>&1', copy]);
    expect(printed.toString()).toBe('');
  });

  needs(systemdAnalyze).it('leaves little to whoever takes the agent over', () => {
    const options = ['--offline=yes', '--no-pager', `--threshold=${maxExposure}`];
    execFileSync('systemd-analyze', ['security', ...options, path], { stdio: 'pipe' });
  });

  needs(oomKills, builtAgent, builtAddon, setpriv).it(
    'gives the agent enough: a kill is seen by a nobody with these capabilities',
    async () => {
      const folder = temporaryFolder();
      // DynamicUser's user is nobody that exists; StateDirectory is its own.
      execFileSync('chown', ['65534:65534', folder]);
      const capabilities = setting('AmbientCapabilities');
      expect(setting('CapabilityBoundingSet')).toBe(capabilities);
      expect(setting('NoNewPrivileges')).toBe('yes');
      const set = ['-all', ...capabilities.split(' ').map(asSetprivNames)].join(',');
      const wrapper = [
        'setpriv',
        ...['--reuid=65534', '--regid=65534', '--clear-groups', '--no-new-privs'],
        ...[`--inh-caps=${set}`, `--ambient-caps=${set}`, `--bounding-set=${set}`],
      ];
      const [, ...args] = setting('ExecStart')
        .replace(/\$\{STATE_DIRECTORY\}/, folder)
        .split(' ');
      await using agent = await Agent.watching(args, { wrapper });
      expect(capabilitiesOf(agent.pid)).toMatchObject({
        uid: 65534,
        effective: ['sys_nice', 'syslog'],
      });
      expect(agent.notices('source')).toMatchObject([{ source: 'native' }]);
      expect(agent.notices('journal')).toMatchObject([{ storage: 'disk' }]);
      const { pid } = await killOne({ comm: 'by-systemd' });
      await agent.until('reports the kill', () => agent.killOf(pid));
    },
  );
});

function asSetprivNames(capability: string): string {
  return `+${capability.replace(/^CAP_/, '').toLowerCase()}`;
}
