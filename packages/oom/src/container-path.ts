/**
 * A container as its cgroup names it: the id, and the runtime that made it where the path says (`docker`,
 * `containerd`, `cri-o`).
 */
export interface ContainerId {
  id: string;
  runtime?: string;
}

const RUNTIME_OF_PREFIX: ReadonlyMap<string, string> = new Map([
  ['docker', 'docker'],
  ['cri-containerd', 'containerd'],
  ['nerdctl', 'containerd'],
  ['crio', 'cri-o'],
  ['libpod', 'podman'],
  ['libpod-payload', 'podman'],
]);

const CONTAINER_ID_LENGTH = 64;

/** `<runtime>:<id>` */
export function suffixedContainer(suffix: string): ContainerId | undefined {
  const colon = suffix.indexOf(':');
  if (colon < 0) return undefined;
  const id = suffix.slice(colon + 1);
  if (!isContainerId(id)) return undefined;
  const runtime = RUNTIME_OF_PREFIX.get(suffix.slice(0, colon));
  return runtime === undefined ? { id } : { id, runtime };
}

/** The container that a cgroup is, by the names that runtimes give. */
export function containerOf(components: readonly string[], index: number): ContainerId | undefined {
  const component = components[index]!;
  const parent = components[index - 1];
  const machine = component === 'payload' ? machineOf(parent ?? '') : undefined;
  if (machine !== undefined) return { id: machine, runtime: 'systemd-nspawn' };
  if (isOfContainerd(components, index)) return { id: component, runtime: 'containerd' };
  if (component.startsWith('lxc.payload.')) {
    return { id: component.slice('lxc.payload.'.length), runtime: 'lxc' };
  }
  if (parent === 'lxc' && component !== '') return { id: component, runtime: 'lxc' };

  const { prefix, id } = splitName(component);
  if (!isContainerId(id)) return undefined;
  if (prefix !== undefined) {
    const runtime = RUNTIME_OF_PREFIX.get(prefix);
    return runtime === undefined ? undefined : { id, runtime };
  }
  // A Podman pod, which is no container, has an id of the same form.
  if (parent === 'libpod_parent') return undefined;
  return parent === 'docker' ? { id, runtime: 'docker' } : { id };
}

/**
 * systemd-nspawn(1) puts what it runs into `payload` below its unit, and itself into `supervisor`
 * (src/nspawn/nspawn-cgroup.c). The unit is `systemd-nspawn@NAME.service`, `machine-NAME.scope` or one of the user's.
 */
function machineOf(unit: string): string | undefined {
  const service = /^systemd-nspawn@(.+)\.service$/.exec(unit)?.[1];
  const name = service ?? /^(?:machine-)?(.+)\.scope$/.exec(unit)?.[1];
  return name === undefined ? undefined : unescapeUnit(name);
}

/** Of ctr(8), nerdctl and BuildKit. Another namespace than these could be any two cgroups. */
const containerdNamespaces: ReadonlySet<string> = new Set(['default', 'k8s.io', 'buildkit']);

/** `/NAMESPACE/NAME`, as containerd's own client has it without a runtime's words (oci.WithDefaultPathCgroup). */
function isOfContainerd(components: readonly string[], index: number): boolean {
  return (
    index === 2 &&
    containerdNamespaces.has(components[1]!) &&
    /^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$/.test(components[2]!)
  );
}

/** Whether a cgroup is of the process that looks after a container from outside it. */
export function isMonitor(components: readonly string[], index: number): boolean {
  const component = components[index]!;
  if (component === 'supervisor') return machineOf(components[index - 1] ?? '') !== undefined;
  if (component.startsWith('lxc.monitor.')) return true;
  const { prefix, id } = splitName(component);
  return (prefix === 'crio-conmon' || prefix === 'libpod-conmon') && isContainerId(id);
}

/** `[<prefix>-]<id>[.scope]` */
function splitName(component: string): { prefix?: string; id: string } {
  const name = component.endsWith('.scope') ? component.slice(0, -'.scope'.length) : component;
  const dash = name.lastIndexOf('-');
  return dash < 0 ? { id: name } : { prefix: name.slice(0, dash), id: name.slice(dash + 1) };
}

function isContainerId(text: string): boolean {
  return text.length === CONTAINER_ID_LENGTH && isHex(text);
}

export function isHex(text: string): boolean {
  return /^[0-9a-f]+$/.test(text);
}

/** Only printable characters: the rest would put control bytes into what is displayed. */
export function unescapeUnit(name: string): string {
  return name.replace(/\\x([2-7][0-9a-f])/g, (whole, digits: string) =>
    digits === '7f' ? whole : String.fromCharCode(Number.parseInt(digits, 16)),
  );
}
