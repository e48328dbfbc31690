import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { agentRights, grant, type Right } from '../support/kube/access.ts';
import { realApiServer } from '../support/kube/assets.ts';
import { createNode, uniqueName } from '../support/kube/objects.ts';
import { sharedApiServer } from '../support/kube/shared.ts';
import { builtAgent, needs } from '../support/needs.ts';
import { command } from '../support/paths.ts';

/** The findings about the API server that are not ok, by check. */
function notOk(...args: string[]): Record<string, string> {
  const { stdout } = spawnSync(command, ['doctor', '--json', ...args], { encoding: 'utf8' });
  const { checks } = JSON.parse(stdout) as {
    checks: { check: string; status: string; remedy?: string }[];
  };
  const at = checks.findIndex(({ check }) => check === 'API server');
  const bad = checks.slice(at).filter(({ status }) => status !== 'ok');
  return Object.fromEntries(bad.map(({ check, remedy = '' }) => [check, remedy]));
}

needs(builtAgent).it('doctor says how the API server is named when none is known', () => {
  expect(notOk('--kubernetes')).toEqual({ 'API server': expect.stringContaining('--kubeconfig') });
});

needs(builtAgent, realApiServer).describe('doctor at a real API server', () => {
  const server = sharedApiServer();

  async function examined(rights: readonly Right[], node: string) {
    const { kubeconfig } = await grant(server(), rights);
    return notOk('--kubeconfig', kubeconfig, '--node-name', node);
  }

  it('finds nothing to say when everything is allowed', async () => {
    const node = uniqueName('doctor');
    await createNode(server(), node);
    expect(await examined(agentRights, node)).toEqual({});
  });

  it.each(agentRights.filter((right) => right !== 'get nodes'))(
    'names the one right that is missing: %s',
    async (missing) => {
      const node = uniqueName('doctor');
      await createNode(server(), node);
      const rights = agentRights.filter((right) => right !== missing);
      expect(await examined(rights, node)).toEqual({
        [missing]: expect.stringContaining('ClusterRole'),
      });
    },
  );

  it('names a node that the cluster does not know', async () => {
    expect(await examined(agentRights, 'nowhere')).toEqual({
      node: expect.stringContaining('--node-name'),
    });
  });

  it('names every right when there is none', async () => {
    expect(Object.keys(await examined([], 'nowhere')).sort()).toEqual(
      [...agentRights, 'node'].sort(),
    );
  });
});
