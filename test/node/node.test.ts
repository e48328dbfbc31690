import type { V1Pod } from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { realApiServer } from '../support/kube/assets.ts';
import { eventsOf } from '../support/kube/objects.ts';
import { sharedApiServer } from '../support/kube/shared.ts';
import { until } from '../support/kube/until.ts';
import { builtBundle, needs } from '../support/needs.ts';
import { kubeNode } from '../support/node/assets.ts';
import { KubeNode } from '../support/node/kube-node.ts';
import { hog, Pods } from '../support/node/pods.ts';

needs(realApiServer, kubeNode, builtBundle).describe('the agent as a pod of a real kubelet', () => {
  const server = sharedApiServer();
  let node: KubeNode;
  let pods: Pods;
  let agent: V1Pod;
  beforeAll(async () => {
    node = await KubeNode.start(server());
    pods = new Pods(server(), node);
    await pods.deployAgent();
    agent = await pods.ready(await pods.createAgent());
  });
  afterAll(() => node?.[Symbol.asyncDispose]());

  it('is ready, and tells a kill by pod and container', async () => {
    const pod = await pods.create('main-process', {
      restartPolicy: 'Never',
      containers: [hog('app', ['eat'], { limits: { memory: '24Mi' } })],
    });
    const events = () => eventsOf(server(), 'default', { kind: 'Pod', name: 'main-process' });
    const ours = async () => (await events()).filter(({ reason }) => reason === 'OOMKilled');
    await until('the event', async () => (await ours()).length > 0);
    console.log(await ours(), pods.describe(pod), agent.status?.podIP);
    expect(await ours()).toMatchObject([{ involvedObject: { fieldPath: 'spec.containers{app}' } }]);
    const metrics = await node.get(`http://${agent.status?.podIP}:8420/metrics`);
    console.log(
      metrics.body
        .split('\n')
        .filter((line) => /main-process/.test(line))
        .join('\n'),
    );
  });
});
