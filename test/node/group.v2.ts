import { expect, it } from 'vitest';
import { nodeTests } from '../support/node/assets.ts';
import { deployedAgent } from '../support/node/deployed.ts';
import { PodMemory } from '../support/node/pod-memory.ts';
import { hog } from '../support/node/pods.ts';

const children = 3;

nodeTests('a container whose processes are killed together', () => {
  const deployed = deployedAgent();

  it('is one event and one incident, and each process is counted and recorded', async () => {
    const { pods, told } = deployed();
    const pod = await pods.ready(
      await pods.create('group', {
        restartPolicy: 'Never',
        containers: [hog('app', ['asked', `${children}`], { limits: { memory: '24Mi' } })],
      }),
    );
    const memory = new PodMemory(pod);
    memory.killTogether(pod);
    process.kill(memory.mainPid(pod), 'SIGUSR1');
    const container = { pod: 'group', container: 'app' };
    await expect.poll(() => told.series('group')).toEqual([{ ...container, kills: children + 1 }]);
    expect(await told.series('group', 'incidents')).toEqual([{ ...container, kills: 1 }]);
    expect(told.history('group').map(({ pod, group }) => [pod?.container, group?.size])).toEqual(
      Array(children + 1).fill(['app', children + 1]),
    );
    const path = memory.pathOfContainer(pod);
    for (const { id, cgroup, group, container } of told.history('group')) {
      expect(group?.cgroup).toBe(path);
      if (id === group?.id) expect(cgroup?.victim).toBe(path);
      expect(container?.runtime).toBe('containerd');
    }
    await expect
      .poll(() => told.events('group'))
      .toMatchObject([
        {
          count: 1,
          involvedObject: { fieldPath: 'spec.containers{app}' },
          message: expect.stringMatching(
            /of container app, and 3 others with it: container app reached its memory limit of 24 MiB/,
          ),
        },
      ]);
    const [event] = await told.events('group');
    expect(pods.describe(pod)).toContain(event?.message);
    console.log(`${path}: ${event?.message}`);
  });
});
