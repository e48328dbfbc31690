import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/kube/until.ts';
import { nodeTests } from '../support/node/assets.ts';
import { deployedAgent } from '../support/node/deployed.ts';
import { kindsOfKill } from '../support/node/kinds.ts';
import { PodMemory } from '../support/node/pod-memory.ts';
import { hog } from '../support/node/pods.ts';
import { isToldOnce } from '../support/node/told-once.ts';

const limits = { memory: '24Mi' };

nodeTests('the agent as a pod of a real kubelet', () => {
  const deployed = deployedAgent();

  it('costs at most 40 MiB of memory when it is ready', () => {
    const { told } = deployed();
    const { usage, workingSet, anonymous } = new PodMemory(told.agent).usage();
    const mib = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
    console.log(
      `the agent's pod: usage ${mib(usage)}, working set ${mib(workingSet)}, anonymous ${mib(anonymous)}`,
    );
    expect(workingSet).toBeLessThan(40 * 1024 * 1024);
  });

  describe('tells a kill by pod, container and limit', () => {
    beforeAll(async () => {
      for (const { name, spec } of kindsOfKill) await deployed().pods.create(name, spec);
    });

    it.each(kindsOfKill)('$name', async ({ name, field, limit }) => {
      await isToldOnce(deployed(), name, field, limit);
    });
  });

  it('tells a kill of a static pod, which the API server knows by a mirror alone', async () => {
    const { node } = deployed();
    const pod = {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'static', namespace: 'default' } },
      spec: { restartPolicy: 'Never', containers: [hog('app', ['eat'], { limits })] },
    };
    writeFileSync(join(node.paths.staticPods, 'static.json'), JSON.stringify(pod));
    await isToldOnce(
      deployed(),
      `static-${node.name}`,
      'spec.containers{app}',
      'its memory limit of 24 MiB',
    );
  });

  it('is ready within 10 s after the API server is back, and after each cut', async () => {
    const { node, told } = deployed();
    await node.loseApiServer();
    await sleep(15_000);
    await node.findApiServer();
    const backMs = performance.now();
    await until('it is ready', async () => (await told.get('/readyz')).status === 200, 10_000);
    console.log(`ready ${Math.round(performance.now() - backMs)} ms after the API server was back`);
    for (let round = 0; round < 3; round++) {
      await node.cutConnections();
      await until('it is ready', async () => (await told.get('/readyz')).status === 200, 10_000);
      await sleep(1_000);
    }
  });
});
