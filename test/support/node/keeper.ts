import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { serviceAddress } from '../kube/certificates.ts';
import { nodePaths } from './configuration.ts';
import { withdraw } from './private-places.ts';
import { removeEverything } from './teardown.ts';

/**
 * Runs a node's programs in a network and a mount namespace of their own, does what the lines of its standard input ask for,
 * and at their end, which is also that of who wrote them, ends and removes all that the node has started. Arguments: the
 * folder of the node, its name, kubelet's path.
 */
const [folder = '', nodeName = '', kubeletProgram = ''] = process.argv.slice(2);
const paths = nodePaths(folder);

const programs: Record<string, string[]> = {
  containerd: ['containerd', '--config', paths.containerdConfig],
  kubelet: [
    kubeletProgram,
    ...['--config', paths.kubeletConfig, '--kubeconfig', paths.kubeconfig],
    ...['--hostname-override', nodeName, '--node-ip', serviceAddress],
    ...['--container-runtime', 'remote'],
    ...['--container-runtime-endpoint', `unix://${paths.containerdSocket}`],
    ...['--cert-dir', `${folder}/pki`],
  ],
};
const running = new Map<string, ChildProcess>();

function start(name: string): void {
  const [program = '', ...args] = programs[name] ?? [];
  const log = openSync(paths.log(name), 'a');
  const child = spawn(program, args, { stdio: ['ignore', log, log] });
  child.on('error', () => {});
  closeSync(log);
  running.set(name, child);
}

async function stop(name: string): Promise<void> {
  const child = running.get(name);
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** Connections from the node to the API server's Service, carried out of its network by a socket file. */
const connections = new Set<Socket>();
const service = createServer((inner) => {
  const outer = connect(paths.apiSocket);
  for (const [one, other] of [
    [inner, outer],
    [outer, inner],
  ] as const) {
    one.on('error', () => {}).on('close', () => other.destroy());
    one.pipe(other);
  }
  connections.add(inner);
  inner.on('close', () => connections.delete(inner));
});

function cut(): void {
  for (const connection of connections) connection.resetAndDestroy();
}

const commands: Record<string, (argument: string) => unknown> = {
  start,
  restart: async (name) => {
    await stop(name);
    start(name);
  },
  comeBack: () => once(service.listen(443, serviceAddress), 'listening'),
  goAway: async () => {
    const closed = once(service.close(), 'close');
    cut();
    await closed;
  },
  cut,
  get: async (url) => {
    const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    return { status: answer.status, body: await answer.text() };
  },
};

async function answer(line: string): Promise<void> {
  const { id, command, argument } = JSON.parse(line);
  const reply = await Promise.resolve()
    .then(() => commands[command]?.(argument))
    .then(
      (result) => ({ id, result }),
      (error: Error) => ({ id, error: `${error.message} ${error.cause ?? ''}` }),
    );
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}

// What asks it to end is the end of its input, also where a terminal sends its signals to all.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.stdout.on('error', () => {});

withdraw(paths);
execFileSync('ip', ['link', 'set', 'lo', 'up']);
execFileSync('ip', ['address', 'add', `${serviceAddress}/32`, 'dev', 'lo']);
await answer(JSON.stringify({ id: 0, command: 'comeBack' }));
for await (const line of createInterface(process.stdin)) void answer(line);

await Promise.all([...running.keys()].map(stop));
await removeEverything();
// Of what is mounted only these namespaces know.
await sleep(0);
process.exit();
