import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { storedNames } from '../packages/agent/src/runtime/witness-program.ts';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { Agent } from './support/agent.ts';
import { capabilitiesOf } from './support/capabilities.ts';
import {
  builtAddon,
  builtAgent,
  kernelWitness,
  needs,
  oomKills,
  python,
  setpriv,
  systemdAnalyze,
} from './support/needs.ts';
import { command, root } from './support/paths.ts';
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
      unit.replace(/^(ExecStart\w*=\+?)\S+/gm, '$1/bin/true').replace(/^Documentation=.*$/m, ''),
    );
    const printed = execFileSync('sh', ['-c', 'systemd-analyze verify "$0" 2>&1', copy]);
    expect(printed.toString()).toBe('');
  });

  needs(systemdAnalyze).it('leaves little to whoever takes the agent over', () => {
    const options = ['--offline=yes', '--no-pager', `--threshold=${maxExposure}`];
    execFileSync('systemd-analyze', ['security', ...options, path], { stdio: 'pipe' });
  });

  const wrapper = () => {
    const capabilities = setting('AmbientCapabilities');
    expect(setting('CapabilityBoundingSet')).toBe(capabilities);
    expect(setting('NoNewPrivileges')).toBe('yes');
    const set = ['-all', ...capabilities.split(' ').map(asSetprivNames)].join(',');
    return [
      'setpriv',
      ...['--reuid=65534', '--regid=65534', '--clear-groups', '--no-new-privs'],
      ...[`--inh-caps=${set}`, `--ambient-caps=${set}`, `--bounding-set=${set}`],
    ];
  };

  /** The arguments of ExecStart; DynamicUser's user is nobody that exists, and StateDirectory is its own. */
  const started = () => {
    const folder = temporaryFolder();
    execFileSync('chown', ['65534:65534', folder]);
    return setting('ExecStart')
      .replace(/\$\{STATE_DIRECTORY\}/, folder)
      .split(' ')
      .slice(1);
  };

  needs(oomKills, builtAgent, builtAddon, setpriv).it(
    'gives the agent enough: a kill is seen by a nobody with these capabilities',
    async () => {
      await using agent = await Agent.watching([...started(), '--listen', 'none'], {
        wrapper: wrapper(),
      });
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

  needs(oomKills, builtAgent, builtAddon, setpriv, kernelWitness, python).it(
    'has root load the witness, which the agent then reads without a right to it',
    async () => {
      expect(setting('NotifyAccess')).toBe('exec');
      expect(Number(setting('FileDescriptorStoreMax'))).toBeGreaterThanOrEqual(storedNames.length);
      const [, ...load] = setting('ExecStartPre').replace(/^\+/, '').split(' ');
      const supervisor = ['python3', join(root, 'test/support/supervisor.py'), command, ...load];
      await using agent = await Agent.watching([...started(), '--listen', 'none'], {
        wrapper: [...supervisor, '--', ...wrapper()],
      });
      expect(agent.notices('witness')).toMatchObject([{ live: true }]);
      expect(capabilitiesOf(agent.pid)).toMatchObject({ effective: ['sys_nice', 'syslog'] });
      const { pid, cgroup } = await killOne({ comm: 'by-supervisor' });
      const kill = await agent.until('tells the kill', () => agent.killOf(pid));
      expect(kill.cgroup?.victim).toBe(cgroup);
    },
  );
});

function asSetprivNames(capability: string): string {
  return `+${capability.replace(/^CAP_/, '').toLowerCase()}`;
}
