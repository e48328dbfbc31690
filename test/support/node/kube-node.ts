import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { kubeconfigOf } from '../kube/access.ts';
import type { ApiServer } from '../kube/api-server.ts';
import { base64File, serviceAddress } from '../kube/certificates.ts';
import { uniqueName } from '../kube/objects.ts';
import { until } from '../kube/until.ts';
import { cniPlugins, kubeletProgram } from './assets.ts';
import { nodePaths, writeConfiguration } from './configuration.ts';
import { packAgentImage, packHogImage } from './image.ts';
import { podCgroups } from './teardown.ts';

/** A real kubelet and containerd that run the pods of an API server's node, in namespaces of their own (keeper.ts). */
export class KubeNode implements AsyncDisposable {
  readonly name = uniqueName('node');
  readonly folder = mkdtempSync(join(tmpdir(), 'oomwatcher-node-'));
  readonly paths = nodePaths(this.folder);
  readonly #server: ApiServer;
  readonly #outside: Server;
  readonly #keeper: ChildProcess;
  readonly #replies = new Map<number, PromiseWithResolvers<unknown>>();
  #commands = 0;

  /** Ready, with the images of the agent and of test pods, in about 20 s. */
  static async start(server: ApiServer): Promise<KubeNode> {
    await using starting = new AsyncDisposableStack();
    const node = starting.use(new KubeNode(server));
    await node.#do('start', 'containerd');
    await until('containerd answers', () => node.#ctr('version'), 60_000);
    for (const tar of [packHogImage(node.folder), packAgentImage(node.folder)])
      if (!node.#ctr('images', 'import', tar)) throw new Error(`containerd takes no ${tar}`);
    await node.#do('start', 'kubelet');
    await until('the node is ready', () => node.#isReady()).catch((error) => {
      throw new Error(`${error.message}\n${node.logTails()}`);
    });
    starting.move();
    return node;
  }

  private constructor(server: ApiServer) {
    this.#server = server;
    writeConfiguration(this.folder, cniPlugins() ?? '');
    const { certificate, key } = server.certificates.admin;
    const admin = {
      'client-certificate-data': base64File(certificate),
      'client-key-data': base64File(key),
    };
    writeFileSync(this.paths.kubeconfig, kubeconfigOf(server, `https://${serviceAddress}`, admin));
    const port = Number(new URL(server.url).port);
    this.#outside = createServer((inner) => {
      const outer = connect(port, '127.0.0.1');
      for (const socket of [inner, outer]) socket.on('error', () => {});
      inner.on('close', () => outer.destroy()).pipe(outer);
      outer.on('close', () => inner.destroy()).pipe(inner);
    }).listen(this.paths.apiSocket);
    // The folder goes when the namespaces have gone, and with them all that was mounted in it.
    const keep = `unshare --mount --net "$1" "$2" "$0" "$3" "$4"; status=$?
      rm -rf --one-file-system "$0"; exit $status`;
    this.#keeper = spawn(
      'sh',
      [
        ...['-c', keep, this.folder, process.execPath, join(import.meta.dirname, 'keeper.ts')],
        ...[this.name, kubeletProgram() ?? ''],
      ],
      // In a session of its own: an interrupt at the terminal ends the test, and that ends it in order.
      { stdio: ['pipe', 'pipe', 'inherit'], detached: true },
    );
    this.#keeper.stdin?.on('error', () => {});
    createInterface(this.#keeper.stdout as Readable).on('line', (line) => {
      const { id, result, error } = JSON.parse(line);
      const reply = this.#replies.get(id);
      if (error === undefined) reply?.resolve(result);
      else reply?.reject(new Error(error));
    });
  }

  #do<T = unknown>(command: string, argument = ''): Promise<T> {
    const id = ++this.#commands;
    const reply = Promise.withResolvers<unknown>();
    this.#replies.set(id, reply);
    this.#keeper.stdin?.write(`${JSON.stringify({ id, command, argument })}\n`);
    return reply.promise as Promise<T>;
  }

  #ctr(...args: string[]): boolean {
    try {
      execFileSync('ctr', ['-a', this.paths.containerdSocket, '-n', 'k8s.io', ...args], {
        stdio: 'pipe',
        timeout: 60_000,
      });
      return true;
    } catch {
      return false;
    }
  }

  async #isReady(): Promise<boolean> {
    const { body } = await this.#server.call<NodeStatus>('GET', `/api/v1/nodes/${this.name}`);
    const conditions = body.status?.conditions ?? [];
    return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  }

  /** What the node gets at an address of its network. @throws when nobody answers */
  get(url: string): Promise<{ status: number; body: string }> {
    return this.#do('get', url);
  }

  /** Ends one as `kill -9` does, and starts it again. */
  restart(program: 'kubelet' | 'containerd'): Promise<unknown> {
    return this.#do('restart', program);
  }

  /** The API server refuses connections, and those that are open are reset. */
  loseApiServer(): Promise<unknown> {
    return this.#do('goAway');
  }

  findApiServer(): Promise<unknown> {
    return this.#do('comeBack');
  }

  /** Every connection to the API server is reset once. */
  cutConnections(): Promise<unknown> {
    return this.#do('cut');
  }

  /** What its programs and the agent have said last. */
  logTails(): string {
    const agents = globSync('pods/oomwatcher_*/oomwatcher/*.log', { cwd: this.paths.varLog });
    return [
      ...['containerd', 'kubelet'].map((name) => this.paths.log(name)),
      ...agents.map((path) => join(this.paths.varLog, path)),
    ]
      .filter((log) => existsSync(log))
      .map((log) => `${log}:\n${readFileSync(log, 'utf8').slice(-4000)}`)
      .join('\n');
  }

  /** @throws when something of it is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#keeper, 'exit');
    this.#keeper.stdin?.end();
    const [status] = this.#keeper.exitCode === null ? await exited : [this.#keeper.exitCode];
    this.#outside.close();
    const left = [...podCgroups(), ...(existsSync(this.folder) ? [this.folder] : [])];
    if (status !== 0 || left.length > 0)
      throw new Error(`the node ended with ${status}, and left ${left.join(', ') || 'nothing'}`);
  }
}

interface NodeStatus {
  status?: { conditions?: { type: string; status: string }[] };
}
