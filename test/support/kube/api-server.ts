import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../free-ports.ts';
import { asset } from './assets.ts';
import { type Certificates, makeCertificates } from './certificates.ts';

export interface Answer<T = unknown> {
  status: number;
  body: T;
}

/** A real etcd and kube-apiserver on loopback, with everything they write in one temporary folder. */
export class ApiServer implements AsyncDisposable {
  readonly folder: string;
  readonly certificates: Certificates;
  readonly url: string;
  readonly #children: ChildProcess[] = [];
  readonly #agent: Agent;

  /** Ready in a few seconds. */
  static async start(): Promise<ApiServer> {
    const [etcdPort, peerPort, port] = await freePorts(3);
    await using starting = new AsyncDisposableStack();
    const server = starting.use(new ApiServer(port as number));
    server.#run('etcd', [
      ...['--data-dir', join(server.folder, 'etcd'), '--unsafe-no-fsync'],
      ...['--listen-client-urls', `http://127.0.0.1:${etcdPort}`],
      ...['--advertise-client-urls', `http://127.0.0.1:${etcdPort}`],
      ...['--listen-peer-urls', `http://127.0.0.1:${peerPort}`],
    ]);
    const { ca, server: serving, serviceAccountKey } = server.certificates;
    server.#run('kube-apiserver', [
      `--etcd-servers=http://127.0.0.1:${etcdPort}`,
      ...['--bind-address=127.0.0.1', '--advertise-address=127.0.0.1', `--secure-port=${port}`],
      `--cert-dir=${server.folder}`,
      `--tls-cert-file=${serving.certificate}`,
      `--tls-private-key-file=${serving.key}`,
      `--client-ca-file=${ca}`,
      '--service-account-issuer=https://localhost',
      `--service-account-key-file=${serviceAccountKey}`,
      `--service-account-signing-key-file=${serviceAccountKey}`,
      '--service-cluster-ip-range=10.0.0.0/24',
      '--authorization-mode=Node,RBAC',
      // As every cluster has it: system pods need it.
      '--allow-privileged=true',
      '--endpoint-reconciler-type=none',
      '--disable-admission-plugins=ServiceAccount',
    ]);
    await server.#ready();
    starting.move();
    return server;
  }

  private constructor(port: number) {
    this.folder = mkdtempSync(join(tmpdir(), 'oomwatcher-kube-'));
    this.certificates = makeCertificates(this.folder);
    this.url = `https://127.0.0.1:${port}`;
    this.#agent = new Agent({
      keepAlive: true,
      ca: readFileSync(this.certificates.ca),
      cert: readFileSync(this.certificates.admin.certificate),
      key: readFileSync(this.certificates.admin.key),
    });
  }

  #run(name: string, args: string[]): void {
    const log = createWriteStream(join(this.folder, `${name}.log`));
    // Its parent may be ended without a word, by an interrupt.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', asset(name), ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: this.folder,
    });
    child.stderr?.pipe(log);
    this.#children.push(child);
  }

  async #ready(): Promise<void> {
    const deadline = Date.now() + 300_000;
    for (;;) {
      const ready = await this.call('GET', '/readyz').catch(() => undefined);
      // Events of nodes go there, and the server makes it by itself some time after it is ready.
      const namespace =
        ready?.status === 200
          ? await this.call('GET', '/api/v1/namespaces/default').catch(() => undefined)
          : undefined;
      if (namespace?.status === 200) return;
      const gone = this.#children.find(({ exitCode }) => exitCode !== null);
      if (gone !== undefined || Date.now() > deadline)
        throw new Error(`the API server does not come up:\n${this.#logTails()}`);
      await sleep(100);
    }
  }

  #logTails(): string {
    return ['etcd', 'kube-apiserver']
      .map(
        (name) =>
          `${name}:\n${readFileSync(join(this.folder, `${name}.log`), 'utf8').slice(-2000)}`,
      )
      .join('\n');
  }

  /** One request as the administrator. */
  call<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    contentType = 'application/json',
  ): Promise<Answer<T>> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer<T>>();
    const sent = request(
      `${this.url}${path}`,
      { method, agent: this.#agent, headers: { 'content-type': contentType } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', reject).on('end', () => {
          const isJson = response.headers['content-type']?.startsWith('application/json');
          resolve({
            status: response.statusCode ?? 0,
            body: (isJson ? JSON.parse(text) : text) as T,
          });
        });
      },
    );
    sent.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
    return promise;
  }

  /** @throws when the server does not do it. */
  async do<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    contentType?: string,
  ): Promise<T> {
    const answer = await this.call<T>(method, path, body, contentType);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy();
    for (const child of this.#children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exited = once(child, 'exit');
      // Nothing of it is kept: no need to wait until it has said goodbye to everybody.
      child.kill('SIGKILL');
      await exited;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
