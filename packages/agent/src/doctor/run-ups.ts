import { readFileSync } from 'node:fs';
import { FlightRecorder, type FlightRecorderOpening, seesNodePids } from '@oomwatcher/watcher';
import { type Finding, ok, warning } from './finding.js';

const check = 'minutes before a kill';

/** What is tried, and what the machine shows. */
export interface RunUpFacts {
  open(): FlightRecorderOpening;
  isNodePids(): boolean;
  /** @throws where /proc hides other users' processes */
  readProcess(): void;
}

const machine: RunUpFacts = {
  open: () => FlightRecorder.open(),
  isNodePids: seesNodePids,
  readProcess: () => void readFileSync('/proc/1/status'),
};

/** So long until all cgroups were looked at once. */
const patienceMs = 2000;

/** Whether the memory of cgroups can be sampled, and which processes grew. */
export async function runUps(facts: RunUpFacts = machine): Promise<Finding> {
  const { recorder, reason } = facts.open();
  if (recorder === undefined) {
    return warning(
      check,
      `not recorded, ${reason}: kills come without what grew before them`,
      "let this process see the host's /sys/fs/cgroup, and build or install the native addon",
    );
  }
  let sentence: string;
  try {
    const endMs = performance.now() + patienceMs;
    while (recorder.stats().sinceMonotonicUs === undefined && performance.now() < endMs) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    sentence = recorder.sentence();
  } finally {
    recorder.close();
  }
  const without = 'cgroups are sampled, but not which of their processes grew';
  if (!facts.isNodePids()) {
    return warning(
      check,
      `${without}: the pid namespace is not the node's`,
      'in Kubernetes set hostPID: true, with Docker or Podman --pid=host',
    );
  }
  try {
    facts.readProcess();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return warning(
      check,
      `${without}: /proc does not show other users' processes (${code})`,
      'run it as root, or mount /proc without hidepid',
    );
  }
  return ok(check, `can be recorded: ${sentence}, and the biggest processes near a limit`);
}
