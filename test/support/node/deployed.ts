import { afterAll, beforeAll, beforeEach, onTestFailed } from 'vitest';
import type { ApiServer } from '../kube/api-server.ts';
import { sharedApiServer } from '../kube/shared.ts';
import { KubeNode } from './kube-node.ts';
import { Pods } from './pods.ts';
import { Told } from './told.ts';

export interface Deployed {
  server: ApiServer;
  node: KubeNode;
  pods: Pods;
  told: Told;
}

/** A node whose agent is ready, of deploy/base, for the tests of a file: call it inside their `describe`. */
export function deployedAgent(): () => Deployed {
  const server = sharedApiServer();
  let node: KubeNode | undefined;
  let deployed: Deployed | undefined;
  beforeAll(async () => {
    node = await KubeNode.start(server());
    const pods = new Pods(server(), node);
    await pods.deployAgent();
    const told = new Told(server(), node, await pods.ready(await pods.createAgent()));
    deployed = { server: server(), node, pods, told };
  });
  afterAll(() => node?.[Symbol.asyncDispose]());
  beforeEach(() => onTestFailed(() => console.log(node?.logTails())));
  return () => {
    if (deployed === undefined) throw new Error('the node is not there outside of tests');
    return deployed;
  };
}
