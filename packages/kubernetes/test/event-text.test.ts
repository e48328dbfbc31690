import type { Kill } from '@oomwatcher/oom';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bareKill, hostileName, invisible, wholeKill } from '../../oom/test/support/kills.js';
import {
  type ContainerCounts,
  combinedMessage,
  nodeMessage,
  podMessage,
} from '../src/event-text.js';

/** What the API server takes of a message with eventTime. */
const maxBytes = 1024;

/** By whole characters: half of a surrogate pair is invisible, the pair is not. */
const invisibleCharacter = new RegExp(invisible, 'u');

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 2000 }),
  fc.string({ unit: 'grapheme', maxLength: 2000 }),
  fc.constant(hostileName.repeat(200)),
);

describe('the text of an event', () => {
  test('that kubelet writes is the same, letter for letter', () => {
    const victim = { pid: 60867, name: 'nginx' };
    expect(nodeMessage({ ...bareKill, victim })).toBe(
      'System OOM encountered, victim process: nginx, pid: 60867',
    );
  });

  test('says which process of which container and how much of whose limit', () => {
    const pod = { uid: 'abc', namespace: 'shop', name: 'web', container: 'app' };
    expect(podMessage({ ...wholeKill, pod })).toBe(
      "The kernel's OOM killer killed process nginx (pid 4242, not the container's main process) of container app (pod def of a cluster in it), " +
        "and 2 others with it: used 256.0 MiB of 512.0 MiB, the pod's memory limit, shared by its containers. " +
        "Compare the pod's containers: together they reached the pod's limit (512.0 MiB at the time); the biggest need not be the one killed.",
    );
    expect(podMessage({ ...wholeKill, id: 'b:8', pod })).toContain(
      'of container app (pod def of a cluster in it), one of 3 killed together: ',
    );
  });

  test('says whose limit in the words of who wrote it', () => {
    const kill: Kill = {
      ...bareKill,
      scope: 'pod',
      victim: { pid: 7, name: 'hog' },
      pod: {
        uid: 'abc',
        namespace: 'shop',
        name: 'web',
        container: 'app',
        spec: { kind: 'container', containers: 1, limitKiB: 32768, podLimitKiB: 32768 },
      },
      memory: { usageKiB: 32768, limitKiB: 32768 },
      memoryStat: { shmemKiB: 31744 },
    };
    expect(podMessage(kill)).toBe(
      "The kernel's OOM killer killed process hog (pid 7) of container app: container app reached its memory limit of " +
        '32 MiB (31.0 MiB of it files in tmpfs or shared memory). ' +
        'Keep less in tmpfs or shared memory (sizeLimit bounds an emptyDir), or raise the limit (32.0 MiB at the time).',
    );
  });

  test('never has an id in the place of a name', () => {
    const kill: Kill = {
      ...bareKill,
      victim: { pid: 7, name: 'sh' },
      pod: { uid: 'abc', namespace: 'shop', name: 'web' },
      container: { id: 'd94f3d293cf9aaaa' },
    };
    expect(podMessage(kill)).toContain(' of a container whose name is not known: ');
    expect(podMessage(kill)).not.toContain('d94f');
  });

  test('claims nothing that is not known', () => {
    expect(podMessage({ ...bareKill, victim: { pid: 7, name: 'sh' } })).toBe(
      "The kernel's OOM killer killed process sh (pid 7): limit: the log does not say",
    );
    expect(podMessage(bareKill)).toContain('a process (its line in the kernel log was lost)');
    expect(nodeMessage(bareKill)).toContain('victim process: unknown');
  });

  test('blames the node where the node had no memory left, and nobody where it was asked for', () => {
    expect(podMessage({ ...wholeKill, scope: 'node', constraint: 'none' })).toContain(
      'the node itself had no memory left',
    );
    expect(podMessage({ ...wholeKill, trigger: { manual: true } })).toContain('sysrq');
  });

  test('of combined events names the last kill and how many of which name', () => {
    const victims = [
      { name: 'nginx', kills: 90 },
      { name: 'sh', kills: 2 },
    ];
    expect(combinedMessage('The last one', { count: 95, processes: 95 }, victims)).toBe(
      '(combined from similar events): The last one (the last of 95: nginx ×90, sh ×2, others ×3)',
    );
    expect(combinedMessage('The last one', { count: 5, processes: 95 }, victims)).toContain(
      '(the last of 5, 95 processes in all: nginx ×90, sh ×2, others ×3)',
    );
  });

  test('of combined events names each container, as many as there is room for', () => {
    const victims = [{ name: 'nginx', kills: 95 }];
    const said = (containers: ContainerCounts, processes = containers.kills) =>
      combinedMessage('It', { count: processes, processes }, victims, containers);
    const named = [
      { name: 'app', kills: 90 },
      { name: 'log', kills: 5 },
    ];
    expect(said({ named, all: 2, kills: 95 })).toBe(
      '(combined from similar events): It (the last of 95: nginx ×95; containers app ×90, log ×5)',
    );
    expect(said({ named, all: 3, kills: 96 })).toContain('app ×90, log ×5 and 1 other)');
    expect(said({ named: named.slice(0, 1), all: 1, kills: 90 }, 95)).toContain(
      '; container app ×90, no known container ×5)',
    );
    const many = Array.from({ length: 9 }, (_, i) => ({ name: `c${i}`, kills: 1 }));
    expect(said({ named: many, all: 20, kills: 20 })).toContain('c7 ×1 and 12 others)');
    // The longest that Kubernetes allows: a namespace, a pod, a container.
    const long = many.map(({ name, kills }) => ({ name: name.padEnd(63 + 253 + 65, 'x'), kills }));
    expect(said({ named: long, all: 9, kills: 9 })).toMatch(/xxx ×1 and 8 others\)$/);
  });

  test('has at most 1024 bytes, is valid UTF-8 and shows every character, whatever a process is called', () => {
    fc.assert(
      fc.property(texts, texts, fc.array(texts, { maxLength: 9 }), (name, container, names) => {
        const kill: Kill = {
          ...wholeKill,
          victim: { pid: 1, name },
          pod: { uid: 'u', container },
        };
        const victims = names.map((text) => ({ name: text, kills: 2 }));
        const messages = [
          nodeMessage(kill),
          podMessage(kill),
          combinedMessage(podMessage(kill), { count: 100, processes: 100 }, victims),
          combinedMessage(podMessage(kill), { count: 100, processes: 100 }, [], {
            named: victims,
            all: 99,
            kills: 50,
          }),
        ];
        for (const message of messages) {
          expect(Buffer.byteLength(message)).toBeLessThanOrEqual(maxBytes);
          expect(message.isWellFormed()).toBe(true);
          expect(message).not.toMatch(invisibleCharacter);
          expect(message).not.toContain('\n');
        }
      }),
    );
  });

  test('is not a format: what a process is called stands as it is', () => {
    expect(nodeMessage({ ...bareKill, victim: { pid: 7, name: '%s%d%n$&' } })).toContain(
      '%s%d%n$&',
    );
  });
});

test('what to change is said whole or not at all, and nothing of other tenants’ pods', () => {
  const pod = { uid: 'u', container: 'app' };
  const said = (name: string) =>
    podMessage({ ...bareKill, scope: 'container', pod, victim: { pid: 7, name } });
  expect(said('sh')).toMatch(/ Raise the container's memory limit, or find what made it grow\.$/);
  const long = said('x'.repeat(880));
  expect(long).not.toContain('Raise');
  expect(long).not.toContain('…');
  const web = { uid: 'u', qos: 'burstable' as const, name: 'of-another', usageKiB: 9, fileKiB: 0 };
  const otherPods = { afterMs: 1, count: 1, biggest: [web] };
  expect(podMessage({ ...bareKill, scope: 'node', otherPods })).not.toContain('of-another');
});

test('the message of a pod says how often its workload is killed', () => {
  const workload = { kind: 'deployment', namespace: 'shop', name: 'web' };
  expect(podMessage(wholeKill, { workload, nth: 9, isToday: true, everyMs: 240_000 })).toMatch(
    /; 9th kill of deployment shop\/web today, every 4 min\. Compare the pod's containers/,
  );
});
