// Long, because every series of the agent is declared here, in the order of docs/metrics.md.

import type { SinkHealth } from '@oomwatcher/journal';
import type { AgentState } from '../../runtime/agent-state.js';
import type { Health } from '../../runtime/health.js';
import type { Metric } from './exposition.js';
import { compatibleMetrics, killCounter, lastKillGauge } from './kill-counter.js';
import type { KillCounts } from './kill-counts.js';
import { memoryMetrics } from './memory-metrics.js';

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
export function allMetrics(subject: MetricsSubject, compatible: boolean): Metric[] {
  const { node } = subject.state;
  return [
    ...[
      ...ofKills(subject),
      ...ofAccount(subject),
      ...ofReader(subject),
      ...ofWitness(subject),
      ...ofRunUps(subject),
      ...memoryMetrics(() => subject.state.runUps()?.recorder),
      ...ofJournalAndSinks(subject),
    ].map((metric) => ofNode(metric, node)),
    ...ofProcess(subject),
    ...(compatible ? compatibleMetrics(subject.counts) : []),
  ];
}

/** With the node's name: in a cluster `instance` is the address of a pod, which a restart changes. */
function ofNode(metric: Metric, node: string): Metric {
  return {
    ...metric,
    labelNames: [...(metric.labelNames ?? []), 'node'],
    *samples() {
      for (const sample of metric.samples())
        yield { ...sample, labels: [...(sample.labels ?? []), node] };
    },
  };
}

function ofKills({ counts }: MetricsSubject): Metric[] {
  return [
    killCounter(counts, 'kills', {
      name: 'oomwatcher_oom_kills_total',
      help:
        'Processes that the kernel OOM killer killed, by pod and by whose limit it was. Labels that are not known are ' +
        'empty; container is unknown where nobody could name the container of a pod, and the short id of one that is of no ' +
        'pod. workload is what made the pod, the UID of a pod without a name, else the unit, container or cgroup. ' +
        'Beyond 1,000 series the least recently killed are folded into those named other.',
      zero: ['', '', '', 'node', ''],
    }),
    lastKillGauge(counts, 'kills', {
      name: 'oomwatcher_last_oom_kill_timestamp_seconds',
      help: 'When the last kill of the series happened. A series that is born with its first kill shows it by this.',
      value: ({ timeMs }) => timeMs / 1000,
    }),
    lastKillGauge(counts, 'kills', {
      name: 'oomwatcher_last_oom_kill_usage_bytes',
      help: 'What the cgroup whose limit it was used, at the last kill of the series that the kernel reported in full.',
      value: ({ usageKiB }) => bytes(usageKiB),
    }),
    lastKillGauge(counts, 'kills', {
      name: 'oomwatcher_last_oom_kill_limit_bytes',
      help: 'The limit that was hit, at the same kill. Absent where there was none.',
      value: ({ limitKiB }) => bytes(limitKiB),
    }),
    lastKillGauge(counts, 'kills', {
      name: 'oomwatcher_last_oom_kill_resident_bytes',
      help: 'Resident memory of the process that was killed last.',
      value: ({ residentKiB }) => bytes(residentKiB),
    }),
    killCounter(counts, 'incidents', {
      name: 'oomwatcher_oom_incidents_total',
      help:
        'Times that the kernel OOM killer chose a process: those that memory.oom.group killed with it are not counted. ' +
        'Labels as of oomwatcher_oom_kills_total, of the process that was chosen.',
      zero: ['', '', '', 'node', ''],
    }),
    killCounter(counts, 'scopes', {
      name: 'oomwatcher_node_oom_kills_total',
      help: 'Processes that the kernel OOM killer killed on this node, by whose limit it was. Never folded.',
      zero: ['node'],
    }),
    lastKillGauge(counts, 'scopes', {
      name: 'oomwatcher_node_last_oom_kill_timestamp_seconds',
      help: 'When the last kill on this node happened, by whose limit it was.',
      value: ({ timeMs }) => timeMs / 1000,
    }),
  ];
}

function ofAccount({ state }: MetricsSubject): Metric[] {
  return [
    metricOf('counter', {
      name: 'oomwatcher_kernel_oom_kills_total',
      help: 'Kills that the kernel itself has counted since boot (oom_kill in /proc/vmstat; Linux 4.13 and later).',
      value: () => state.account()?.kernelKills,
    }),
    metricOf('gauge', {
      name: 'oomwatcher_unaccounted_oom_kills',
      help: 'Kills since boot that the kernel has counted and the journal does not account for. 0 when all is well.',
      value: () => state.account()?.unaccounted,
    }),
    {
      name: 'oomwatcher_boot_oom_kills',
      help:
        'What accounts for the kernel count since boot: kills in the journal, repeats of a group kill line, kills ' +
        'before the first watch, and kills while the agent was away whose lines are gone.',
      type: 'gauge',
      labelNames: ['part'],
      *samples() {
        const account = state.account();
        if (account === undefined) return;
        const { kills, repeats, beforeFirstWatch, whileAway } = account;
        yield { labels: ['kills'], value: kills };
        yield { labels: ['repeats'], value: repeats };
        if (beforeFirstWatch !== undefined)
          yield { labels: ['before_first_watch'], value: beforeFirstWatch };
        yield { labels: ['while_away'], value: whileAway };
      },
    },
  ];
}

function ofReader({ state, health }: MetricsSubject): Metric[] {
  return [
    metricOf('counter', {
      name: 'oomwatcher_log_records_read_total',
      help: 'Records of the kernel log read since the agent started.',
      value: () => state.watchStats().read,
    }),
    metricOf('counter', {
      name: 'oomwatcher_log_records_lost_total',
      help: 'Records that nobody can read any more, since the agent started: the log overran its reader.',
      value: () => state.watchStats().lost,
    }),
    metricOf('counter', {
      name: 'oomwatcher_log_records_forged_total',
      help: 'Records in the words of the OOM killer that user space wrote, rejected, since the agent started.',
      value: () => state.watchStats().forged,
    }),
    metricOf('counter', {
      name: 'oomwatcher_kill_repeats_total',
      help: 'Second lines of a group kill since the agent started; the kernel counts them, they are no kill.',
      value: () => state.watchStats().repeats,
    }),
    metricOf('gauge', {
      name: 'oomwatcher_last_record_timestamp_seconds',
      help: 'When the last record of the kernel log was read. A quiet log is no fault.',
      value: () => seconds(health.lastRecordMs),
    }),
    metricOf('gauge', {
      name: 'oomwatcher_reader_up',
      help: 'Whether the kernel log is being read.',
      value: () => (state.reader().kind === 'dead' ? 0 : 1),
    }),
    metricOf('gauge', {
      name: 'oomwatcher_ready',
      help: 'What /readyz says: 1 ready, 0 not.',
      value: () => (health.ready().ok ? 1 : 0),
    }),
    infoOf({
      name: 'oomwatcher_source_info',
      help: 'Which reader of the kernel log is live: native, portable or replay.',
      labels: () => ({ source: state.source.kind }),
    }),
  ];
}

function ofWitness({ state }: MetricsSubject): Metric[] {
  return [
    metricOf('gauge', {
      name: 'oomwatcher_kernel_witness_up',
      help: 'Whether a program in the kernel reports each kill at the kill itself; absent where that was not asked for.',
      value: () => {
        const witness = state.witness();
        return witness && Number(witness.live);
      },
    }),
    metricOf('gauge', {
      name: 'oomwatcher_kernel_witness_pinned',
      help: 'Whether the program goes on, and keeps what it sees, while no agent runs.',
      value: () => {
        const stats = state.witness()?.stats;
        return stats && Number(stats.pinned);
      },
    }),
    metricOf('counter', {
      name: 'oomwatcher_kernel_witness_records_total',
      help: 'Records that the program had to write, since it was loaded.',
      value: () => state.witness()?.stats?.told,
    }),
    metricOf('counter', {
      name: 'oomwatcher_kernel_witness_records_lost_total',
      help: 'Records for which the ring in the kernel had no room, since the program was loaded.',
      value: () => state.witness()?.stats?.dropped,
    }),
  ];
}

function ofRunUps({ state }: MetricsSubject): Metric[] {
  const stats = () => state.runUps()?.recorder?.stats();
  return [
    metricOf('gauge', {
      name: 'oomwatcher_memory_recorder_up',
      help: 'Whether the minutes before kills are recorded; absent where that was not asked for.',
      value: () => {
        const runUps = state.runUps();
        return runUps && Number(runUps.live);
      },
    }),
    metricOf('gauge', {
      name: 'oomwatcher_memory_recorder_cgroups',
      help: 'Memory cgroups that are sampled: those that have a limit, and those below them.',
      value: () => stats()?.cgroups,
    }),
    metricOf('counter', {
      name: 'oomwatcher_memory_recorder_samples_total',
      help: 'Samples that were taken since the agent started.',
      value: () => stats()?.samples,
    }),
    metricOf('gauge', {
      name: 'oomwatcher_memory_recorder_stretch_ratio',
      help: 'By how much the time between two samples is longer than it would be, so that sampling stays below its share of a core; 1: not at all.',
      value: () => stats()?.stretch,
    }),
    metricOf('gauge', {
      name: 'oomwatcher_memory_recorder_held_bytes',
      help: 'Memory that the samples take.',
      value: () => stats()?.heldBytes,
    }),
  ];
}

function ofJournalAndSinks(subject: MetricsSubject): Metric[] {
  const { state, streams } = subject;
  return [
    metricOf('gauge', {
      name: 'oomwatcher_journal_on_disk',
      help: 'Where the journal is: 1 on disk, 0 in memory because the disk does not take it.',
      value: () => (state.journal.store.storage.kind === 'disk' ? 1 : 0),
    }),
    metricOf('counter', {
      name: 'oomwatcher_journal_unreadable_rows_total',
      help: 'Rows of the journal that could not be read since the agent started, and are left out: check the disk.',
      value: () => state.journal.store.leftOut,
    }),
    sinkMetric('gauge', state, {
      name: 'oomwatcher_sink_up',
      help: 'Whether the sink delivers.',
      value: ({ ok }) => (ok ? 1 : 0),
    }),
    sinkMetric('gauge', state, {
      name: 'oomwatcher_sink_lag_kills',
      help: 'Kills in the journal that the other side has not got yet.',
      value: ({ lag }) => lag,
    }),
    sinkMetric('gauge', state, {
      name: 'oomwatcher_sink_oldest_pending_timestamp_seconds',
      help: 'When the oldest kill that waits for the sink was recorded. Absent when none waits.',
      value: ({ oldestPendingMs }) => seconds(oldestPendingMs),
    }),
    sinkMetric('gauge', state, {
      name: 'oomwatcher_sink_last_success_timestamp_seconds',
      help: 'When the other side last took something.',
      value: ({ lastSuccessMs }) => seconds(lastSuccessMs),
    }),
    sinkMetric('counter', state, {
      name: 'oomwatcher_sink_failures_total',
      help: 'Attempts of the sink that failed since the agent started; every one is tried again.',
      value: ({ failures }) => failures,
    }),
    sinkMetric('counter', state, {
      name: 'oomwatcher_sink_skipped_kills_total',
      help:
        'Kills that the journal forgot (100,000 kills, 30 days) before the other side got them, since the agent ' +
        'started.',
      value: ({ skipped }) => skipped,
    }),
    sinkMetric('counter', state, {
      name: 'oomwatcher_sink_given_up_kills_total',
      help: 'Kills that the other side refused for good, or for longer than an event lives, since the agent started.',
      value: ({ givenUp = 0 }) => givenUp,
    }),
    metricOf('gauge', {
      name: 'oomwatcher_event_stream_clients',
      help: 'Pages and programs that follow /api/v1/events.',
      value: () => streams().clients,
    }),
    metricOf('counter', {
      name: 'oomwatcher_event_stream_dropped_clients_total',
      help: 'Followers of /api/v1/events that were dropped because they did not read.',
      value: () => streams().dropped,
    }),
  ];
}

function ofProcess({ state }: MetricsSubject): Metric[] {
  return [
    infoOf({
      name: 'oomwatcher_build_info',
      help: 'The version of the agent and of the Node that runs it.',
      labels: () => ({ version: state.version, node: process.version }),
    }),
    metricOf('gauge', {
      name: 'process_start_time_seconds',
      help: 'When the agent started.',
      value: () => seconds(state.startedMs),
    }),
    metricOf('gauge', {
      name: 'process_resident_memory_bytes',
      help: 'Memory that the agent holds.',
      value: () => process.memoryUsage.rss(),
    }),
    metricOf('counter', {
      name: 'process_cpu_seconds_total',
      help: 'User and system CPU time of the agent.',
      value: () => {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1e6;
      },
    }),
  ];
}

interface Described {
  name: string;
  help: string;
}

/** A value that is not known is not there. */
type Value = number | undefined;

function metricOf(
  type: Metric['type'],
  { name, help, value }: Described & { value: () => Value },
): Metric {
  return {
    name,
    help,
    type,
    *samples() {
      const now = value();
      if (now !== undefined) yield { value: now };
    },
  };
}

function infoOf({ name, help, labels }: Described & { labels: () => Record<string, string> }) {
  return {
    name,
    help,
    type: 'gauge',
    labelNames: Object.keys(labels()),
    samples: () => [{ labels: Object.values(labels()), value: 1 }],
  } as const;
}

function sinkMetric(
  type: Metric['type'],
  { sinks }: AgentState,
  { name, help, value }: Described & { value: (health: SinkHealth) => Value },
): Metric {
  return {
    name,
    help,
    type,
    labelNames: ['sink'],
    *samples() {
      for (const sink of sinks) {
        const now = value(sink.health());
        if (now !== undefined) yield { labels: [sink.name], value: now };
      }
    },
  };
}

function bytes(kiB: Value): Value {
  return kiB === undefined ? undefined : kiB * 1024;
}

function seconds(milliseconds: Value): Value {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}
