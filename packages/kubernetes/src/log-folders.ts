import { readdirSync } from 'node:fs';

/** What kubelet calls a pod's folder: names have no `_`. */
const folderName =
  /^([a-z0-9][-a-z0-9]{0,62})_([a-z0-9][-a-z0-9.]{0,252})_([A-Za-z0-9._-]{1,128})$/;

/** A node has some hundred; whoever fills the folder must not fill the memory. */
const maxFolders = 10_000;

/** A pod that is not there is looked for again so soon. */
const readAgainMs = 1_000;

/**
 * The pods of this node as kubelet itself names them: `/var/log/pods/NAMESPACE_NAME_UID`, with the UID that the pod's
 * cgroups carry, also a static pod's. Only root writes there.
 */
export class LogFolders {
  readonly #path: string;
  readonly #now: () => number;
  #pods = new Map<string, { namespace: string; name: string }>();
  #readAtMs = Number.NEGATIVE_INFINITY;

  constructor(path = '/var/log/pods', now: () => number = () => performance.now()) {
    this.#path = path;
    this.#now = now;
  }

  find(uid: string): { namespace: string; name: string } | undefined {
    const known = this.#pods.get(uid);
    if (known !== undefined || this.#now() - this.#readAtMs < readAgainMs) return known;
    this.#readAtMs = this.#now();
    this.#pods = this.#read();
    return this.#pods.get(uid);
  }

  #read(): Map<string, { namespace: string; name: string }> {
    const pods = new Map<string, { namespace: string; name: string }>();
    try {
      for (const folder of readdirSync(this.#path).slice(0, maxFolders)) {
        const [, namespace = '', name = '', uid = ''] = folderName.exec(folder) ?? [];
        if (uid !== '') pods.set(uid, { namespace, name });
      }
    } catch {
      // It is not mounted: what only the node knows is named by its UID.
    }
    return pods;
  }
}
