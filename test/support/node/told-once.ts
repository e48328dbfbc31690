import { expect } from 'vitest';
import type { Deployed } from './deployed.ts';

/** One kill in all of a pod, by the same names in each way, and `kubectl describe` shows it. */
export async function isToldOnce(
  { pods, told }: Deployed,
  pod: string,
  field: string,
  limit: string,
): Promise<void> {
  const container = /\{(.*)\}/.exec(field)?.[1] ?? '';
  await expect
    .poll(() => told.events(pod), { timeout: 60_000 })
    .toMatchObject([
      {
        reason: 'OOMKilled',
        count: 1,
        involvedObject: { fieldPath: field },
        message: expect.stringContaining(limit),
      },
    ]);
  await expect.poll(() => told.series(pod)).toEqual([{ pod, container, kills: 1 }]);
  const [event] = await told.events(pod);
  const described = pods.kubectl('describe', 'pod', '-n', 'default', pod);
  expect(described).toContain(event?.message);
  expect(told.history(pod).map((kill) => kill.pod?.container)).toEqual([container]);
  const kubelets = [...described.matchAll(/^ {6}Reason: +(\S+)/gm)].map(([, reason]) => reason);
  console.log(`${pod}: ${event?.message}; kubelet: ${kubelets.join(', ') || 'nothing'}`);
}
