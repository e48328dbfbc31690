import { Counter, type Registry } from 'prom-client';
import { addKillCounter } from './kill-counter.js';
import type { KillCounts } from './kill-counts.js';

/** The kills under the names and labels that dashboards and alerts for cAdvisor and node-problem-detector ask for. */
export function addCompatibleMetrics(registry: Registry, counts: KillCounts): void {
  addKillCounter(registry, counts, 'containers', {
    name: 'container_oom_events_total',
    help:
      'Count of out of memory events observed for the container: the name and labels of cAdvisor. id is the ' +
      "victim's cgroup; image is not known and empty.",
  });
  new Counter({
    name: 'problem_counter',
    help: 'Number of times a specific type of problem have occurred: the name of node-problem-detector.',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      this.reset();
      this.inc({ reason: 'OOMKilling' }, counts.total);
    },
  });
}
