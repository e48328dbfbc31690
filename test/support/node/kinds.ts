import type { V1PodSpec } from '@kubernetes/client-node';
import { hog } from './pods.ts';

/** A pod of each kind in which one process is killed, and how it is to be told. */
export interface KindOfKill {
  name: string;
  spec: V1PodSpec;
  /** What events call the container. */
  field: string;
  /** Whose limit it was, in the event. */
  limit: string;
}

const limits = { memory: '24Mi' };
const once = { restartPolicy: 'Never' };
const ofApp = {
  field: 'spec.containers{app}',
  limit: 'container app reached its memory limit of 24 MiB',
};

export const kindsOfKill: KindOfKill[] = [
  { name: 'main', ...ofApp, spec: { ...once, containers: [hog('app', ['eat'], { limits })] } },
  {
    name: 'child',
    ...ofApp,
    spec: { ...once, containers: [hog('app', ['children', '1'], { limits })] },
  },
  {
    name: 'init',
    field: 'spec.initContainers{before}',
    limit: 'init container before reached its memory limit of 24 MiB',
    spec: {
      ...once,
      initContainers: [hog('before', ['eat'], { limits })],
      containers: [hog('app', ['pause'], { limits: { memory: '16Mi' } })],
    },
  },
  {
    name: 'guaranteed',
    ...ofApp,
    spec: { ...once, containers: [hog('app', ['eat'], { limits: { ...limits, cpu: '500m' } })] },
  },
  {
    name: 'two',
    ...ofApp,
    spec: {
      ...once,
      containers: [
        hog('app', ['children', '1'], { limits }),
        hog('calm', ['hold', '8'], { limits: { memory: '32Mi' } }),
      ],
    },
  },
  {
    name: 'tmpfs',
    field: ofApp.field,
    limit: 'files in tmpfs',
    spec: {
      ...once,
      containers: [
        {
          ...hog('app', ['fill', '/cache/file'], { limits }),
          volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
        },
      ],
      volumes: [{ name: 'cache', emptyDir: { medium: 'Memory' } }],
    },
  },
];
