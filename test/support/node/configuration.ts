import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSystemdDriver } from './cgroup-driver.ts';
import { hogImage } from './image.ts';

/** The files and sockets of a test node, all in one temporary folder. */
export function nodePaths(folder: string) {
  const at = (name: string) => join(folder, name);
  return {
    /** What stands in the place of the machine's own folders, as the node sees it. */
    varLib: at('var-lib'),
    varLog: at('var-log'),
    run: at('run'),
    containerdConfig: at('containerd.toml'),
    containerdSocket: at('containerd.sock'),
    kubeletConfig: at('kubelet.json'),
    kubeconfig: at('kubeconfig'),
    staticPods: at('static-pods'),
    /** Where the test passes on to the API server what comes from the node's network. */
    apiSocket: at('api.sock'),
    log: (name: string) => at(`${name}.log`),
  };
}

/** Writes what containerd, the CNI plugins and kubelet are started with. */
export function writeConfiguration(folder: string, cniPlugins: string): void {
  const paths = nodePaths(folder);
  for (const made of [paths.varLib, paths.varLog, paths.run, paths.staticPods]) mkdirSync(made);
  writeFileSync(paths.containerdConfig, containerdConfig(folder, cniPlugins));
  const networks = join(folder, 'cni');
  mkdirSync(networks);
  writeFileSync(join(networks, 'test.conflist'), JSON.stringify(network(folder)));
  writeFileSync(paths.kubeletConfig, JSON.stringify(kubeletConfig(paths.staticPods)));
}

function containerdConfig(folder: string, cniPlugins: string): string {
  return `
version = 2
root = "${folder}/containerd"
state = "${folder}/containerd-state"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper"]
[grpc]
address = "${nodePaths(folder).containerdSocket}"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "${hogImage}"
# Who may not lower it is refused the whole container.
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
SystemdCgroup = ${isSystemdDriver}
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "${cniPlugins}"
conf_dir = "${folder}/cni"
`;
}

/** A bridge to the node alone: nobody outside is reached, so that no packet has to be rewritten. */
const network = (folder: string) => ({
  cniVersion: '0.4.0',
  name: 'test',
  plugins: [
    {
      type: 'bridge',
      bridge: 'cni0',
      isDefaultGateway: true,
      ipMasq: false,
      ipam: {
        type: 'host-local',
        ranges: [[{ subnet: '10.99.0.0/24' }]],
        dataDir: join(folder, 'addresses'),
      },
    },
  ],
});

const kubeletConfig = (staticPods: string) => ({
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  failSwapOn: false,
  cgroupDriver: isSystemdDriver ? 'systemd' : 'cgroupfs',
  address: '127.0.0.1',
  authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
  authorization: { mode: 'AlwaysAllow' },
  evictionHard: { 'memory.available': '1Mi' },
  // The machine's disk is nobody's business here.
  imageGCHighThresholdPercent: 100,
  resolvConf: '',
  staticPodPath: staticPods,
  fileCheckFrequency: '1s',
  nodeStatusUpdateFrequency: '2s',
});
