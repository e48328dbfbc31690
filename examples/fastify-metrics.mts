// The OOM kills of this node among the metrics of a Fastify app.
//
//   node fastify-metrics.mts, then: curl http://127.0.0.1:3000/metrics
//
// Copy `oomKills` into your app and register it. It needs the right to read /dev/kmsg; without it the app runs all the same,
// and `oom_watch_up` is 0.
import { type Kill, watch } from '@oomwatcher/watcher';
import Fastify, { type FastifyInstance } from 'fastify';
import { Counter, Gauge, type Registry, register } from 'prom-client';

const maxWorkloads = 100;

/** Whose process it was: the pod, else the systemd unit, else the container. A container's id would not outlive a restart. */
function workloadOf({ pod, container, cgroup }: Kill): string {
  if (pod !== undefined) return `pod/${pod.uid}`;
  const unit = cgroup?.victim?.split('/').findLast((part) => part.endsWith('.service'));
  if (unit !== undefined) return unit;
  return container === undefined ? 'none' : `container/${container.id.slice(0, 12)}`;
}

async function oomKills(app: FastifyInstance, { registry }: { registry: Registry }): Promise<void> {
  const registers = [registry];
  const kills = new Counter({
    name: 'oom_kills_total',
    help: 'Processes that the kernel OOM killer killed since the app started.',
    labelNames: ['workload'] as const,
    registers,
  });
  const up = new Gauge({
    name: 'oom_watch_up',
    help: 'Whether the kernel log is being read. 0: kills are missing.',
    registers,
  });
  const workloads = new Set<string>();

  /** Who starts pods, or names cgroups, must not fill the memory of Prometheus: what comes after the hundredth is `other`. */
  function bounded(workload: string): string {
    if (workloads.size < maxWorkloads) workloads.add(workload);
    return workloads.has(workload) ? workload : 'other';
  }

  const closing = new AbortController();
  async function count(): Promise<void> {
    try {
      const watcher = watch({ signal: closing.signal });
      up.set(1);
      for await (const kill of watcher) {
        kills.inc({ workload: bounded(workloadOf(kill)) });
      }
    } catch (error) {
      app.log.error(error, 'OOM kills are not counted');
    }
    up.set(0);
  }

  let counting: Promise<void> | undefined;
  app.addHook('onReady', async () => {
    counting = count();
  });
  app.addHook('onClose', async () => {
    closing.abort();
    await counting;
  });
}

// Your app:
const app = Fastify({ logger: true });
app.get('/', async () => 'hello\n');
app.get('/metrics', async (_, reply) =>
  reply.type(register.contentType).send(await register.metrics()),
);
await app.register(oomKills, { registry: register });
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => app.close());
await app.listen({ port: Number(process.env.PORT ?? 3000) });
