import { expect, test } from 'vitest';
import { examineApi } from '../src/index.js';

test('without an API server doctor is told what to give, and does not throw', async () => {
  const kubeconfig = '/no/such/kubeconfig';
  const [finding, ...more] = await examineApi({ version: '1', kubeconfig });
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ status: 'warning', remedy: expect.stringContaining(kubeconfig) });
});
