import { hostname } from 'node:os';
import type { Journal, Sink } from '@oomwatcher/journal';
import type { Kill } from '@oomwatcher/oom';
import { ApiClient } from './client.js';
import { loadConfiguration } from './configuration.js';
import { ContainerLogs } from './container-logs.js';
import { EventSink } from './event-sink.js';
import { LogFolders } from './log-folders.js';
import { NodeIdentity } from './node.js';
import { withOtherPods } from './other-pods.js';
import { PodCache } from './pod-cache.js';
import { PodNames } from './pod-names.js';
import { PodPlace } from './pod-place.js';
import { PodWatch } from './pod-watch.js';
import { Problems } from './problems.js';
import type { NodeEvents } from './subjects.js';
import { defaultTiming, type Timing } from './timing.js';

export interface KubernetesOptions {
  journal: Journal;
  /** The agent's. */
  version: string;
  kubeconfig?: string;
  /** Default: the host's name. */
  nodeName?: string;
  nodeEvents: NodeEvents;
  /** Kills from before the agent's very first start are reported if they are younger. */
  lookbackMs: number;
  /** Says what people must know, in one sentence. */
  report: (sentence: string) => void;
  timing?: Partial<Timing>;
  /** Where kubelet has a folder for each pod's logs; default /var/log/pods. */
  podLogs?: string;
  /** Where kubelet has a link for each container's log; default /var/log/containers. */
  containerLogs?: string;
  /** Where the node's cgroups are mounted; default /sys/fs/cgroup. */
  cgroups?: string;
}

export interface Kubernetes {
  /** Where the API server is. */
  readonly server: string;
  readonly node: NodeIdentity;
  /** Names a kill's pod from memory. */
  enrich: (kill: Kill) => Kill;
  /** What brings the journal's kills to the server; another one goes on where one has stopped. */
  newSink: () => Sink;
}

/** Everything between the journal and the API server. @throws ConfigurationError when no server is configured. */
export function connect(options: KubernetesOptions): Kubernetes {
  const { journal, kubeconfig, nodeEvents, lookbackMs, report } = options;
  const timing = { ...defaultTiming, ...options.timing };
  const client = new ApiClient(
    () => loadConfiguration(kubeconfig === undefined ? {} : { kubeconfig }),
    options.version,
  );
  const problems = new Problems(report, (sentence) => client.conceal(sentence));
  const nodeName = options.nodeName ?? hostname();
  const node = new NodeIdentity(nodeName, client, problems, timing);
  const checkNode = () => void node.check();
  const cache = new PodCache(timing.tombstoneMs, {
    folders: new LogFolders(options.podLogs),
    logs: new ContainerLogs(options.containerLogs),
  });
  const place = new PodPlace(options.cgroups);
  const rules = {
    nodeEvents,
    windowMs: timing.windowMs,
    lookbackMs,
    eventLifeMs: timing.eventLifeMs,
  };
  const newSink = (): Sink => {
    const watch = new PodWatch({
      client,
      cache,
      nodeName,
      timing,
      problems,
      changed: () => names.podChanged(),
      listed: checkNode,
    });
    const names: PodNames = new PodNames({
      journal,
      cache,
      look: () => watch.look(),
      foundAll: () => watch.foundAll(),
      timing,
      gone: (podUid) => events.podGone(podUid),
    });
    const events = new EventSink({ journal, client, node, pods: cache, rules, timing, problems });
    return {
      name: events.name,
      start() {
        checkNode();
        watch.start();
        names.start();
        events.start();
      },
      wake: () => events.wake(),
      health: () => events.health(),
      async stop() {
        try {
          await events.stop();
        } finally {
          await Promise.all([watch.stop(), names.stop()]);
          node.stop();
          client.close();
        }
      },
    };
  };
  return {
    server: client.server,
    node,
    enrich: (kill) =>
      withOtherPods(cache.enrich(place.ofNode(kill, (uid) => cache.has(uid))), cache),
    newSink,
  };
}
