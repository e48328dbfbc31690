import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { ConfigurationError } from './configuration-error.js';
import { readKubeconfig } from './kubeconfig.js';

export interface ConfigurationOptions {
  /** The file that --kubeconfig names. */
  kubeconfig?: string;
  /** In front of /var/run/secrets/kubernetes.io/serviceaccount. */
  serviceAccountPrefix?: string;
}

/**
 * Where the API server is and who the agent is there: the file that is named, else KUBECONFIG, else the ServiceAccount
 * of the pod that the agent runs in. Never ~/.kube/config: a daemon must not act with somebody's own rights by chance.
 *
 * @throws ConfigurationError
 */
export function loadConfiguration(options: ConfigurationOptions = {}): KubeConfig {
  const { kubeconfig, serviceAccountPrefix } = options;
  const { KUBECONFIG, KUBERNETES_SERVICE_HOST } = process.env;
  if (kubeconfig !== undefined)
    return complete(readKubeconfig(kubeconfig, '--kubeconfig'), kubeconfig);
  if (KUBECONFIG) return complete(merged(KUBECONFIG), KUBECONFIG);
  if (KUBERNETES_SERVICE_HOST === undefined) {
    throw new ConfigurationError(
      'no Kubernetes API server is known: run the agent in a pod with a ServiceAccount, or name a file with --kubeconfig or KUBECONFIG',
    );
  }
  const config = new KubeConfig();
  config.loadFromCluster(serviceAccountPrefix);
  return config;
}

/** As kubectl does: what is not there is left out, and of two things with one name, or two contexts, the first counts. */
function merged(list: string): KubeConfig {
  const named = list.split(delimiter).filter((file) => file !== '');
  const there = named.filter((file) => existsSync(file));
  // If none is there, the error of the first says so.
  const [first, ...more] = (there.length > 0 ? there : named).map((file) =>
    readKubeconfig(file, 'KUBECONFIG'),
  );
  const config = first ?? new KubeConfig();
  for (const { clusters, users, contexts, currentContext } of more) {
    addNew(config.clusters, clusters);
    addNew(config.users, users);
    addNew(config.contexts, contexts);
    config.currentContext ||= currentContext;
  }
  return config;
}

function addNew<T extends { name: string }>(there: T[], more: readonly T[]): void {
  for (const one of more) if (!there.some(({ name }) => name === one.name)) there.push(one);
}

function complete(config: KubeConfig, files: string): KubeConfig {
  const cluster = config.getCurrentCluster();
  if (cluster === null || !URL.canParse(cluster.server)) {
    throw new ConfigurationError(
      `the kubeconfig ${files} names no current cluster: set current-context in it (kubectl config use-context)`,
    );
  }
  return config;
}
