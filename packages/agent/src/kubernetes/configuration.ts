import { KubeConfig } from '@kubernetes/client-node';
import { InputError } from '../input/input-error.js';

export interface ConfigurationOptions {
  /** The file that --kubeconfig names. */
  kubeconfig?: string;
  env?: NodeJS.ProcessEnv;
  /** In front of /var/run/secrets/kubernetes.io/serviceaccount. */
  serviceAccountPrefix?: string;
}

/**
 * Where the API server is and who the agent is there: the file that is named, else KUBECONFIG, else the ServiceAccount
 * of the pod that the agent runs in. Never ~/.kube/config: a daemon must not act with somebody's own rights by chance.
 *
 * @throws InputError
 */
export function loadConfiguration(options: ConfigurationOptions = {}): KubeConfig {
  const { kubeconfig, env = process.env, serviceAccountPrefix } = options;
  const config = new KubeConfig();
  if (kubeconfig !== undefined) return loadFile(config, kubeconfig, '--kubeconfig');
  if (env.KUBECONFIG) {
    const files = env.KUBECONFIG.split(':').filter((file) => file !== '');
    for (const [index, file] of files.entries()) {
      if (index === 0) loadFile(config, file, 'KUBECONFIG');
      else config.mergeConfig(loadFile(new KubeConfig(), file, 'KUBECONFIG'), true);
    }
    return config;
  }
  if (env.KUBERNETES_SERVICE_HOST === undefined) {
    throw new InputError(
      'no Kubernetes API server is known: run the agent in a pod with a ServiceAccount, or name a file with --kubeconfig or KUBECONFIG',
    );
  }
  config.loadFromCluster(serviceAccountPrefix);
  return config;
}

function loadFile(config: KubeConfig, file: string, origin: string): KubeConfig {
  try {
    config.loadFromFile(file);
  } catch (error) {
    throw new InputError(
      `cannot read the kubeconfig ${file} (${(error as Error).message}): check what ${origin} names`,
    );
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null || !URL.canParse(cluster.server)) {
    throw new InputError(
      `the kubeconfig ${file} names no current cluster: set current-context in it (kubectl config use-context)`,
    );
  }
  return config;
}
