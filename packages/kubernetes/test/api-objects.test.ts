import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isEvent,
  readAllowed,
  readNodeUid,
  readPod,
  readPodList,
  readStatus,
  readWatchLine,
} from '../src/api-objects.js';
import { apiPod } from './support/http-api.js';

const readers = {
  status: readStatus,
  pod: readPod,
  limits: (value: unknown) => readPod(value)?.limits,
  podList: readPodList,
  watchLine: readWatchLine,
  node: (value: unknown) => readNodeUid(value, 'n1'),
  event: (value: unknown) => isEvent(value, { name: 'a', namespace: 'shop' }),
  review: readAllowed,
};

/** One of each, as the API server sends them. */
const whole: Record<keyof typeof readers, object> = {
  status: {
    kind: 'Status',
    code: 403,
    message: 'no',
    reason: 'Forbidden',
    details: { kind: 'pods', causes: [{ reason: 'x' }] },
  },
  pod: apiPod('a'),
  limits: {
    ...apiPod('a'),
    spec: {
      containers: [
        {
          name: 'app',
          resources: { limits: { memory: '32Mi', cpu: '1' }, requests: { memory: '16Mi' } },
        },
      ],
      initContainers: [{ name: 'proxy', restartPolicy: 'Always' }],
      ephemeralContainers: [{ name: 'debug' }],
      resources: { limits: { memory: '1Gi' } },
      overhead: { memory: '1Mi' },
    },
  },
  podList: {
    kind: 'PodList',
    metadata: { resourceVersion: '7', continue: 'x' },
    items: [apiPod('a'), apiPod('b')],
  },
  watchLine: { type: 'MODIFIED', object: apiPod('a') },
  node: { kind: 'Node', metadata: { name: 'n1', uid: 'u' } },
  event: { kind: 'Event', metadata: { name: 'a', namespace: 'shop' } },
  review: { kind: 'SelfSubjectAccessReview', status: { allowed: true } },
};

/** Every place in a JSON value. */
function places(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.keys(value).flatMap((key) => places(Reflect.get(value, key), [...path, key])),
  ];
}

function withAt(value: unknown, path: (string | number)[], put: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return put;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  Reflect.set(copy, key, withAt(Reflect.get(copy, key), rest, put));
  return copy;
}

const wrong = [undefined, null, true, 0, -1, 1e308, '', 'x', '\0', [], [null], {}, { a: null }];

describe('the door for what the API server says', () => {
  test.each(Object.keys(readers) as (keyof typeof readers)[])(
    'lets no %s through that is of another shape at any place, and never throws',
    (name) => {
      const read = readers[name];
      expect(read(whole[name])).toBeTruthy();
      for (const place of places(whole[name]))
        for (const value of wrong) {
          const harmed = withAt(whole[name], place, value);
          const shape = shapeOf(read(harmed));
          expect(shapes(name), `${place} = ${JSON.stringify(value)}: ${shape}`).toContain(shape);
        }
    },
  );

  test.each(Object.keys(readers) as (keyof typeof readers)[])(
    'survives any JSON in the place of a %s',
    (name) => {
      fc.assert(
        fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
          readers[name](value);
        }),
        { seed: 17, numRuns: 2_000 },
      );
    },
  );

  test('leaves out the pods of a list that are none, and keeps the others', () => {
    const items = [null, apiPod('a'), 7, { metadata: null }, apiPod('b'), { metadata: { uid: 1 } }];
    expect(readPodList({ kind: 'PodList', items })?.pods.map(({ uid }) => uid)).toEqual(['a', 'b']);
    expect(readPodList({ kind: 'PodList', items: null })?.pods).toEqual([]);
  });

  test.each([
    [
      'a Deployment behind its ReplicaSet',
      { kind: 'ReplicaSet', name: 'web-7d9f8b6c5d' },
      '7d9f8b6c5d',
      { kind: 'Deployment', name: 'web' },
    ],
    ['a ReplicaSet of nobody', { kind: 'ReplicaSet', name: 'web-7d9f8b6c5d' }, undefined],
    ['a ReplicaSet of another template', { kind: 'ReplicaSet', name: 'web-abc' }, '7d9f8b6c5d'],
    ['a StatefulSet', { kind: 'StatefulSet', name: 'db' }, undefined],
    [
      'a CronJob behind its Job',
      { kind: 'Job', name: 'tidy-29338560' },
      undefined,
      { kind: 'CronJob', name: 'tidy' },
    ],
    ['a Job that is named by a date', { kind: 'Job', name: 'report-20261128' }, undefined],
    ['a static pod’s Node', { kind: 'Node', name: 'n1' }, undefined, undefined],
    ['what is no name', { kind: 'Job', name: 'A\x1b[2J' }, undefined, undefined],
  ] as const)('%s', (_, reference, hash, ...owner) => {
    const { metadata, ...rest } = apiPod('a') as { metadata: object };
    const labels = { 'pod-template-hash': hash };
    const ownerReferences = [
      { kind: 'X', name: 'not-the-controller' },
      { ...reference, controller: true },
    ];
    const pod = readPod({ ...rest, metadata: { ...metadata, labels, ownerReferences } });
    expect(pod?.uid).toBe('a');
    expect(pod?.owner).toEqual(owner.length > 0 ? owner[0] : reference);
  });

  test('lets through all that is looked at', () => {
    const pod = readPod(apiPod('a'));
    expect(pod).toEqual({
      uid: 'a',
      namespace: 'shop',
      name: 'pod-a',
      containers: [{ id: 'a-app', name: 'app', list: 'containers', runtime: 'containerd' }],
    });
    expect(readWatchLine(whole.watchLine)).toEqual({
      type: 'MODIFIED',
      resourceVersion: '1',
      pod,
      status: undefined,
    });
    const ended = { type: 'ERROR', object: whole.status };
    expect(readWatchLine(ended)?.status).toEqual(whole.status);
    expect(readPodList(whole.podList)).toMatchObject({ resourceVersion: '7', next: 'x' });
    expect(readNodeUid(whole.node, 'n1')).toBe('u');
    expect(readNodeUid(whole.node, 'n2')).toBeUndefined();
  });

  test.each([
    ['name', 'a\x1b[2J'],
    ['name', 'A b'],
    ['name', 'x'.repeat(254)],
    ['namespace', 'a_b'],
    ['namespace', '../x'],
    ['uid', 'a/b'],
    ['uid', 'x'.repeat(129)],
    ['uid', ''],
  ])('lets no pod through whose %s is %j', (key, value) => {
    const { metadata } = apiPod('a') as { metadata: object };
    expect(readPod({ metadata: { ...metadata, [key]: value } })).toBeUndefined();
  });

  test('takes the ids of the container that runs and of the one before it', () => {
    const pod = {
      metadata: { uid: 'a', namespace: 'n', name: 'p' },
      status: {
        containerStatuses: [
          {
            name: 'app',
            containerID: 'containerd://2',
            lastState: { terminated: { containerID: 'containerd://1' } },
          },
          { name: 'A B', containerID: 'containerd://3' },
          { name: 'log', containerID: null },
        ],
        initContainerStatuses: [{ name: 'setup', containerID: 'cri-o://4' }],
        ephemeralContainerStatuses: null,
      },
    };
    expect(readPod(pod)?.containers).toEqual([
      { id: '1', name: 'app', list: 'containers', runtime: 'containerd' },
      { id: '2', name: 'app', list: 'containers', runtime: 'containerd' },
      { id: '4', name: 'setup', list: 'initContainers', runtime: 'cri-o' },
    ]);
  });
});

/** The shapes that may stand behind the door: those that the same reader gives of whole values. */
function shapes(name: keyof typeof readers): string[] {
  const possible: Record<keyof typeof readers, unknown[]> = {
    status: combinations({
      kind: ['Status'],
      code: [1, undefined],
      message: ['', undefined],
      reason: ['', undefined],
      details: [
        undefined,
        ...combinations({
          kind: ['', undefined],
          causes: [undefined, [], [{ reason: '' }], [{ reason: undefined }]],
        }),
      ],
    }),
    pod: pods(),
    limits: combinations({
      containers: [1],
      podRequestKiB: [0],
      podLimitKiB: [1, undefined],
      podLimitFrom: ['', undefined],
      byName: [new Map()],
    }),
    podList: combinations({
      pods: [
        [],
        ...pods().map((pod) => [pod]),
        ...pods().flatMap((one) => pods().map((other) => [one, other])),
      ],
      resourceVersion: [''],
      next: ['', undefined],
    }),
    watchLine: combinations({
      type: [''],
      resourceVersion: ['', undefined],
      pod: [undefined, ...pods()],
      status: [undefined],
    }),
    node: [''],
    event: [true, false],
    review: [true],
  };
  return ['undefined', ...possible[name].map(shapeOf)];
}

function pods(): unknown[] {
  const containers = [
    [],
    ...combinations({ id: [''], name: [''], list: [''], runtime: ['', undefined] }).map((each) => [
      each,
    ]),
  ];
  return combinations({ uid: [''], namespace: [''], name: [''], containers });
}

function combinations(of: Record<string, unknown[]>): object[] {
  return Object.entries(of).reduce<object[]>(
    (all, [key, values]) =>
      all.flatMap((each) => values.map((value) => ({ ...each, [key]: value }))),
    [{}],
  );
}

/** Types only, keys in order, what is absent as if it were undefined. */
function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `[${[...new Set(value.map(shapeOf))].sort()}]`;
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  const keys = Object.keys(value)
    .filter((key) => Reflect.get(value, key) !== undefined)
    .sort();
  return `{${keys.map((key) => `${key}:${shapeOf(Reflect.get(value, key))}`)}}`;
}
