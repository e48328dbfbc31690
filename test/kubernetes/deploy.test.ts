import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { agentContainer, daemonSet, rendered, variants } from '../support/deployment.ts';
import { adminKubeconfig, agentRights } from '../support/kube/access.ts';
import { kubectl, kubectlProgram, realApiServer } from '../support/kube/assets.ts';
import { sharedApiServer } from '../support/kube/shared.ts';
import { needs, otherUser } from '../support/needs.ts';
import { root } from '../support/paths.ts';

needs(kubectl).describe('the manifests', () => {
  it('grant exactly what the agent asks for, and nothing where it asks for nothing', () => {
    const rights = (variant: string) =>
      rendered(variant)
        .filter(({ kind }) => kind === 'ClusterRole')
        .flatMap((role) => (role as unknown as { rules: Rule[] }).rules)
        .flatMap(({ verbs, resources }) => verbs.map((verb) => `${verb} ${resources}`));
    expect(rights('base').sort()).toEqual([...agentRights].sort());
    expect(rights('overlays/kubelet-compat').sort()).toEqual([...agentRights].sort());
    expect(rights('overlays/metrics-only')).toEqual([]);
    const kinds = rendered('overlays/metrics-only').map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['DaemonSet', 'Namespace', 'ServiceAccount']);
  });

  it.each(variants)('%s runs on every node and reads only what it must', (variant) => {
    const pod = daemonSet(variant).spec?.template.spec;
    expect(pod?.tolerations).toEqual([{ operator: 'Exists' }]);
    expect(pod?.hostPID).toBe(true);
    const writable = pod?.containers[0]?.volumeMounts?.filter(({ readOnly }) => !readOnly);
    expect(writable?.map(({ mountPath }) => mountPath).sort()).toEqual([
      '/sys/fs/bpf',
      '/var/lib/oomwatcher',
    ]);
    const folders = pod?.volumes?.map(({ hostPath }) => hostPath?.path);
    expect(folders?.sort()).toEqual([
      '/dev/kmsg',
      '/sys/fs/bpf',
      '/sys/fs/cgroup',
      '/var/lib/oomwatcher',
      '/var/log/containers',
      '/var/log/pods',
    ]);
    const images = [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])];
    expect(new Set(images.map(({ image }) => image)).size).toBe(1);
  });

  // With the rights that the manifest gives it, and no more.
  needs(otherUser).it(
    'make what root has left in the state folder the agent’s own, at each start',
    () => {
      const [init] = daemonSet('base').spec?.template.spec?.initContainers ?? [];
      const capabilities = init?.securityContext?.capabilities?.add ?? [];
      const only = capabilities.map((name) => `+${name.toLowerCase()}`).join(',');
      const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-state-'));
      try {
        const outside = join(folder, 'outside');
        const state = join(folder, 'state');
        mkdirSync(state, { mode: 0o700 });
        writeFileSync(outside, '');
        writeFileSync(join(state, 'journal.db'), '');
        symlinkSync(outside, join(state, 'link'));
        const [script = ''] = init?.args ?? [];
        const command = [...(init?.command ?? []), script.replaceAll('/var/lib/oomwatcher', state)];
        for (let start = 1; start <= 2; start++) {
          execFileSync('setpriv', [`--bounding-set=-all,${only}`, ...command]);
          for (const path of [state, join(state, 'journal.db')])
            expect([statSync(path).uid, statSync(path).gid]).toEqual([65532, 65532]);
        }
        expect(statSync(outside).uid).toBe(0);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  it.each(variants)('%s lets the agent itself load nothing into the kernel', (variant) => {
    const { command = [], args } = agentContainer(variant);
    const off = variant === 'overlays/without-witness';
    const loader = ['oomwatcher', 'witness', off ? 'remove' : 'load', '--or-without', '--'];
    expect(command.slice(0, loader.length)).toEqual(loader);
    expect(command.slice(loader.length)).toEqual(
      agentContainer('base').command?.slice(loader.length),
    );
    expect(command[loader.length]).toBe('setpriv');
    expect(args).toContain(off ? '--witness=off' : '--witness=auto');
  });

  it.each(variants)('%s has a log of one form, with date and zone', (variant) => {
    expect(agentContainer(variant).args?.slice(0, 2)).toEqual(['run', '--json']);
  });

  needs(realApiServer).describe('at a real API server', () => {
    const server = sharedApiServer();

    it.each(variants)('%s is taken as it is', async (variant) => {
      const folder = join(root, 'deploy', variant);
      const said = execFileSync(
        kubectlProgram,
        ['--kubeconfig', adminKubeconfig(server()), 'apply', '-k', folder],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
      );
      expect(said).toMatch(/^daemonset\.apps\/oomwatcher (created|configured|unchanged)$/m);
      const path = '/apis/apps/v1/namespaces/oomwatcher/daemonsets/oomwatcher';
      const taken = await server().do<{ spec: unknown }>('GET', path);
      expect(taken.spec).toMatchObject(daemonSet(variant).spec as object);
      await server().do('DELETE', '/apis/apps/v1/namespaces/oomwatcher/daemonsets/oomwatcher');
    });
  });
});

interface Rule {
  resources: string[];
  verbs: string[];
}
