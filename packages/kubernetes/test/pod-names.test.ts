import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { connected, podKills, until } from './support/connected.js';
import { apiPod, HttpApi } from './support/http-api.js';

const id = 'a'.repeat(64);

/** What kubelet writes on the node of a pod that the API server knows later, or by another UID alone. */
function onNode(uid: string) {
  const [podLogs, containerLogs] = [temporaryFolder(), temporaryFolder()];
  mkdirSync(join(podLogs, `shop_web_${uid}`));
  writeFileSync(join(containerLogs, `web_shop_app-${id}.log`), '');
  return { podLogs, containerLogs };
}

/** As the API server has it. */
function limitedPod(uid: string): object {
  const resources = { limits: { memory: '24Mi' } };
  return { ...apiPod(uid, { name: 'web' }), spec: { containers: [{ name: 'app', resources }] } };
}

describe('a kill of a pod that the node knows before the API server does', () => {
  test.each([
    ['the pod', 'own'],
    ["a static pod's mirror", 'of-mirror'],
  ])('is told again by whose limit it was, once %s is there', async (_, uid) => {
    const api = await HttpApi.start();
    const { journal, record } = connected(api, onNode('own'));
    await until(() => api.count('GET', 'watch=true') > 0);
    const [kill] = podKills(1, 'own', {
      container: { id },
      scope: 'pod',
      memory: { usageKiB: 24_576, limitKiB: 24_576 },
    });
    record([kill!]);
    const messages = () => [...api.events.values()].map(({ message }) => message);
    await until(() => messages().length > 0);
    expect(messages()[0]).toContain("the pod's memory limit");
    api.report('ADDED', limitedPod(uid));
    const says = 'container app reached its memory limit of 24 MiB';
    await until(() => messages()[0]?.includes(says) === true);
    expect(messages()).toHaveLength(1);
    expect(journal.find({ limit: 1 })[0]?.kill.pod?.spec).toMatchObject({ limitKiB: 24_576 });
    // Nothing is looked for any more.
    const asked = api.count('GET', 'limit=');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(api.count('GET', 'limit=')).toBe(asked);
  });
});
