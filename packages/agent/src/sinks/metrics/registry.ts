import type { SinkHealth } from '@oomwatcher/journal';
import { Counter, Gauge, Registry } from 'prom-client';
import type { AgentState } from '../../runtime/agent-state.js';
import type { Health } from '../../runtime/health.js';
import { addCompatibleMetrics } from './compatible.js';
import { addKillCounter } from './kill-counter.js';
import type { KillCounts } from './kill-counts.js';

export interface MetricsSubject {
  state: AgentState;
  counts: KillCounts;
  health: Health;
  /** Clients of the page's event stream. */
  streams(): { clients: number; dropped: number };
}

/**
 * All that the agent exports to Prometheus. Nothing is kept here: every value is asked for when it is scraped. docs/metrics.md
 * is made from this.
 *
 * @param compatible also under the names that cAdvisor and the node problem detector use
 */
export function buildRegistry(subject: MetricsSubject, compatible: boolean): Registry {
  const registry = new Registry();
  addKills(registry, subject);
  addAccount(registry, subject);
  addReader(registry, subject);
  addJournalAndSinks(registry, subject);
  addProcess(registry, subject);
  if (compatible) addCompatibleMetrics(registry, subject.counts);
  return registry;
}

function addKills(registry: Registry, { counts }: MetricsSubject): void {
  addKillCounter(registry, counts, 'kills', {
    name: 'oomwatcher_oom_kills_total',
    help:
      'Processes that the kernel OOM killer killed, by pod and by whose limit it was. Labels that are not known are ' +
      'empty; container is the short container id where no name is known. Beyond 1,000 series the least recently ' +
      'killed are folded into those named other.',
    zero: ['', '', '', 'node'],
  });
  addKillCounter(registry, counts, 'scopes', {
    name: 'oomwatcher_node_oom_kills_total',
    help: 'Processes that the kernel OOM killer killed on this node, by whose limit it was. Never folded.',
    zero: ['node'],
  });
}

function addAccount(registry: Registry, { state }: MetricsSubject): void {
  metricOf(Counter, registry, {
    name: 'oomwatcher_kernel_oom_kills_total',
    help: 'Kills that the kernel itself has counted since boot (oom_kill in /proc/vmstat; Linux 4.13 and later).',
    value: () => state.account()?.kernelKills,
  });
  metricOf(Gauge, registry, {
    name: 'oomwatcher_unaccounted_oom_kills',
    help: 'Kills since boot that the kernel has counted and the journal does not account for. 0 when all is well.',
    value: () => state.account()?.unaccounted,
  });
  new Gauge({
    name: 'oomwatcher_boot_oom_kills',
    help:
      'What accounts for the kernel count since boot: kills in the journal, repeats of a group kill line, kills ' +
      'before the first watch, and kills while the agent was away whose lines are gone.',
    labelNames: ['part'],
    registers: [registry],
    collect() {
      this.reset();
      const account = state.account();
      if (account === undefined) return;
      const { kills, repeats, beforeFirstWatch, whileAway } = account;
      this.set({ part: 'kills' }, kills);
      this.set({ part: 'repeats' }, repeats);
      if (beforeFirstWatch !== undefined)
        this.set({ part: 'before_first_watch' }, beforeFirstWatch);
      this.set({ part: 'while_away' }, whileAway);
    },
  });
}

function addReader(registry: Registry, { state, health }: MetricsSubject): void {
  metricOf(Counter, registry, {
    name: 'oomwatcher_log_records_read_total',
    help: 'Records of the kernel log read since the agent started.',
    value: () => state.watchStats().read,
  });
  metricOf(Counter, registry, {
    name: 'oomwatcher_log_records_lost_total',
    help: 'Records that nobody can read any more, since the agent started: the log overran its reader.',
    value: () => state.watchStats().lost,
  });
  metricOf(Counter, registry, {
    name: 'oomwatcher_log_records_forged_total',
    help: 'Records in the words of the OOM killer that user space wrote, rejected, since the agent started.',
    value: () => state.watchStats().forged,
  });
  metricOf(Counter, registry, {
    name: 'oomwatcher_kill_repeats_total',
    help: 'Second lines of a group kill since the agent started; the kernel counts them, they are no kill.',
    value: () => state.watchStats().repeats,
  });
  metricOf(Gauge, registry, {
    name: 'oomwatcher_last_record_timestamp_seconds',
    help: 'When the last record of the kernel log was read. A quiet log is no fault.',
    value: () => seconds(health.lastRecordMs),
  });
  metricOf(Gauge, registry, {
    name: 'oomwatcher_reader_up',
    help: 'Whether the kernel log is being read.',
    value: () => (state.reader().kind === 'dead' ? 0 : 1),
  });
  metricOf(Gauge, registry, {
    name: 'oomwatcher_ready',
    help: 'What /readyz says: 1 ready, 0 not.',
    value: () => (health.ready().ok ? 1 : 0),
  });
  infoOf(registry, {
    name: 'oomwatcher_source_info',
    help: 'Which reader of the kernel log is live: native, portable or replay.',
    labels: () => ({ source: state.source.kind }),
  });
}

function addJournalAndSinks(registry: Registry, subject: MetricsSubject): void {
  const { state, streams } = subject;
  metricOf(Gauge, registry, {
    name: 'oomwatcher_journal_on_disk',
    help: 'Where the journal is: 1 on disk, 0 in memory because the disk does not take it.',
    value: () => (state.journal.store.storage.kind === 'disk' ? 1 : 0),
  });
  metricOf(Counter, registry, {
    name: 'oomwatcher_journal_unreadable_rows_total',
    help: 'Rows of the journal that could not be read since the agent started, and are left out: check the disk.',
    value: () => state.journal.store.leftOut,
  });
  sinkMetric(Gauge, registry, state, {
    name: 'oomwatcher_sink_up',
    help: 'Whether the sink delivers.',
    value: ({ ok }) => (ok ? 1 : 0),
  });
  sinkMetric(Gauge, registry, state, {
    name: 'oomwatcher_sink_lag_kills',
    help: 'Kills in the journal that the other side has not got yet.',
    value: ({ lag }) => lag,
  });
  sinkMetric(Gauge, registry, state, {
    name: 'oomwatcher_sink_oldest_pending_timestamp_seconds',
    help: 'When the oldest kill that waits for the sink was recorded. Absent when none waits.',
    value: ({ oldestPendingMs }) => seconds(oldestPendingMs),
  });
  sinkMetric(Gauge, registry, state, {
    name: 'oomwatcher_sink_last_success_timestamp_seconds',
    help: 'When the other side last took something.',
    value: ({ lastSuccessMs }) => seconds(lastSuccessMs),
  });
  sinkMetric(Counter, registry, state, {
    name: 'oomwatcher_sink_failures_total',
    help: 'Attempts of the sink that failed since the agent started; every one is tried again.',
    value: ({ failures }) => failures,
  });
  sinkMetric(Counter, registry, state, {
    name: 'oomwatcher_sink_skipped_kills_total',
    help:
      'Kills that the journal forgot (100,000 kills, 30 days) before the other side got them, since the agent ' +
      'started.',
    value: ({ skipped }) => skipped,
  });
  sinkMetric(Counter, registry, state, {
    name: 'oomwatcher_sink_given_up_kills_total',
    help: 'Kills that the other side refused for good, or for longer than an event lives, since the agent started.',
    value: ({ givenUp = 0 }) => givenUp,
  });
  metricOf(Gauge, registry, {
    name: 'oomwatcher_event_stream_clients',
    help: 'Pages and programs that follow /api/v1/events.',
    value: () => streams().clients,
  });
  metricOf(Counter, registry, {
    name: 'oomwatcher_event_stream_dropped_clients_total',
    help: 'Followers of /api/v1/events that were dropped because they did not read.',
    value: () => streams().dropped,
  });
}

function addProcess(registry: Registry, { state }: MetricsSubject): void {
  infoOf(registry, {
    name: 'oomwatcher_build_info',
    help: 'The version of the agent and of the Node that runs it.',
    labels: () => ({ version: state.version, node: process.version }),
  });
  metricOf(Gauge, registry, {
    name: 'process_start_time_seconds',
    help: 'When the agent started.',
    value: () => seconds(state.startedMs),
  });
  metricOf(Gauge, registry, {
    name: 'process_resident_memory_bytes',
    help: 'Memory that the agent holds.',
    value: () => process.memoryUsage.rss(),
  });
  metricOf(Counter, registry, {
    name: 'process_cpu_seconds_total',
    help: 'User and system CPU time of the agent.',
    value: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
  });
}

interface Described {
  name: string;
  help: string;
}

/** A value that is not known is not there. */
type Value = number | undefined;

function metricOf(
  Metric: typeof Gauge | typeof Counter,
  registry: Registry,
  { name, help, value }: Described & { value: () => Value },
) {
  new Metric({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      const now = value();
      if (now === undefined) this.remove();
      else this.inc(now);
    },
  });
}

function infoOf(
  registry: Registry,
  { name, help, labels }: Described & { labels: () => Record<string, string> },
) {
  new Gauge({
    name,
    help,
    labelNames: Object.keys(labels()),
    registers: [registry],
    collect() {
      this.reset();
      this.set(labels(), 1);
    },
  });
}

function sinkMetric(
  Metric: typeof Gauge<'sink'> | typeof Counter<'sink'>,
  registry: Registry,
  { sinks }: AgentState,
  { name, help, value }: Described & { value: (health: SinkHealth) => Value },
) {
  new Metric({
    name,
    help,
    labelNames: ['sink'],
    registers: [registry],
    collect() {
      this.reset();
      for (const sink of sinks) {
        const now = value(sink.health());
        if (now !== undefined) this.inc({ sink: sink.name }, now);
      }
    },
  });
}

function seconds(milliseconds: Value): Value {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}
