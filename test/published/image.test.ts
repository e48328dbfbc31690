import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Agent } from '../support/agent.ts';
import { capabilitiesOf } from '../support/capabilities.ts';
import { agentContainer, daemonSet } from '../support/deployment.ts';
import { kubectl } from '../support/kube/assets.ts';
import {
  builtAgent,
  builtBundle,
  kernelWitness,
  needs,
  oomKills,
  prebuildTools,
  privateMounts,
  setpriv,
} from '../support/needs.ts';
import { root } from '../support/paths.ts';
import { prebuildAddon } from '../support/prebuild.ts';
import { killOne } from '../support/storm.ts';

const dockerfile = readFileSync(join(root, 'deploy/image/Dockerfile'), 'utf8');

it('the Dockerfile copies and runs only what is there', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(\S+)/gm)].map(([, path]) => path ?? '');
  const scripts = [...dockerfile.matchAll(/\bsh ([\w/.-]+\.sh)/g)].map(([, path]) => path ?? '');
  expect([copied.length, scripts.length]).toEqual([1, 2]);
  for (const path of [...copied, ...scripts]) {
    expect(existsSync(join(root, path)), path).toBe(true);
  }
});

/** No engine runs here: the files that the Dockerfile's last stage consists of are laid out, and used as a root. */
needs(builtAgent, builtBundle, prebuildTools, oomKills, privateMounts, setpriv, kubectl).describe(
  'the files of the image',
  () => {
    const image = mkdtempSync(join(tmpdir(), 'oomwatcher-image-'));
    beforeAll(() => {
      prebuildAddon();
      execFileSync('sh', ['deploy/image/layout.sh', image], { cwd: root, stdio: 'pipe' });
    });
    afterAll(() => rmSync(image, { recursive: true }));

    /** What the runtime mounts, and the hostPath volumes of the DaemonSet, for one process and its children. */
    const inside = [
      'unshare',
      '--mount',
      'sh',
      '-ec',
      `mount -t proc proc "$0/proc"
       for file in null kmsg; do touch "$0/dev/$file"; mount --bind "/dev/$file" "$0/dev/$file"; done
       mkdir -p "$0/sys/fs/cgroup"
       mount --rbind /sys/fs/cgroup "$0/sys/fs/cgroup"
       mkdir -p "$0/sys/fs/bpf" "$0/sys/kernel/btf"
       mount -t bpf bpf "$0/sys/fs/bpf"
       mount --bind /sys/kernel/btf "$0/sys/kernel/btf"
       exec chroot "$0" "$@"`,
      image,
    ];
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };

    it('hold three programs: no shell, no package manager', () => {
      const programs = globSync('**/{bin,sbin}/*', { cwd: image }).map((path) => basename(path));
      expect(programs.sort()).toEqual(['node', 'oomwatcher', 'setpriv']);
    });

    it('give the state folder away as the DaemonSet does before the agent starts', () => {
      const [before] = daemonSet('base').spec?.template.spec?.initContainers ?? [];
      const command = [...(before?.command ?? []), ...(before?.args ?? [])];
      const [program = '', ...args] = [...inside, ...command];
      execFileSync(program, args, { env, stdio: 'pipe' });
      const printed = execFileSync('stat', ['-c', '%u:%g', join(image, 'var/lib/oomwatcher')]);
      expect(printed.toString()).toBe('65532:65532\n');
    });

    it('see a kill through the addon as nobody, with two capabilities and no way to another', async () => {
      const { command: [command = '', ...more] = [] } = agentContainer('base');
      const { args = [] } = agentContainer('overlays/metrics-only');
      await using agent = await Agent.watching([...more, ...args, '--listen=none', '--json'], {
        wrapper: inside,
        command,
        env,
      });
      expect(agent.notices('source')).toMatchObject([{ source: 'native' }]);
      expect(agent.notices('journal')).toMatchObject([{ storage: 'disk' }]);
      expect(capabilitiesOf(agent.pid)).toEqual({
        uid: 65532,
        effective: ['sys_nice', 'syslog'],
        bounding: ['sys_nice', 'syslog'],
        noNewPrivileges: true,
      });
      const [witness] = agent.notices('witness');
      if (kernelWitness() === undefined) {
        expect(witness).toMatchObject({
          live: true,
          reason: expect.stringMatching('while no agent'),
        });
      }
      const { pid, cgroup } = await killOne({ comm: 'in-image' });
      const kill = await agent.until('reports the kill', () => agent.killOf(pid));
      expect(kill.cgroup?.victim).toBe(cgroup);
    });
  },
);
