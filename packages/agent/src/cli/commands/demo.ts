import { formatKiB } from '@oomwatcher/explain';
import type { Kill } from '@oomwatcher/oom';
import { seesNodePids, type WatchEvent, type Watcher, watch } from '@oomwatcher/watcher';
import { Interruption } from '../../demo/interruption.js';
import { chooseParent, type Parent } from '../../demo/parent.js';
import { limitKiB, removeLeftovers, ThrowawayCgroup } from '../../demo/throwaway-cgroup.js';
import { Victim, victimName } from '../../demo/victim.js';
import type { WebFlags } from '../../http/add-web.js';
import type { Reporter } from '../../output/reporter.js';
import { isNotAllowed, notAllowed, Refusal } from '../../refusal.js';
import { type PlayOptions, playRecording } from './play.js';

/** The kernel kills within milliseconds; a log that is flooded meanwhile takes longer to read. */
const waitMs = 20_000;

export interface DemoOptions {
  /** A recording to play instead; true: the one that comes with the agent. */
  recording?: string | true;
  /** Where the page of a recording is; undefined: none. */
  web?: WebFlags | undefined;
  /** Whether the page stays when the recording is over. */
  stays: boolean;
  /** For a real kill, and for a recording. */
  reporters: { kill: Reporter; recording: Reporter };
}

/** `oomwatcher demo`: one real kill; where this node does not allow it, or when asked to, a recorded storm. */
export async function demoCommand({
  recording,
  web,
  stays,
  reporters,
}: DemoOptions): Promise<void> {
  const play = (options: Pick<PlayOptions, 'file' | 'reason'>) =>
    playRecording({ ...options, web, stays }, reporters.recording);
  if (recording !== undefined) return play(recording === true ? {} : { file: recording });
  try {
    await showKill(reporters.kill);
  } catch (error) {
    if (!isNotAllowed(error)) throw error;
    await play({ reason: error.message });
  }
}

/**
 * Causes one real OOM kill in a cgroup of its own and prints it as it arrives. Removes what it made, however it ends.
 *
 * @throws KmsgError, Refusal
 */
async function showKill(reporter: Reporter): Promise<void> {
  const step = (text: string) => reporter.notice({ kind: 'step', text });
  using interruption = new Interruption();
  const { signal } = interruption;
  const watcher = watch({ signal, warn: false });
  const timer = setTimeout(watcher.close, waitMs);
  try {
    const reported = await causeKill(watcher, signal, reporter);
    if (!reported && !signal.aborted) throw new Refusal(silence);
  } catch (error) {
    // Whatever it led to.
    if (!signal.aborted || !(error instanceof Refusal)) throw error;
  } finally {
    clearTimeout(timer);
    watcher.close();
  }
  if (signal.aborted) throw new Refusal('interrupted; what the demo had made is removed');
  step('The process is dead and its cgroup is removed: nothing is left behind.');
}

const silence = `the kernel's log reported no kill within ${waitMs / 1000} s: oomwatcher doctor says what this node allows, and oomwatcher demo --recording plays a recorded storm`;

/** Returns when everything that was made for it is gone; false: the watch ended before the kill was reported. */
async function causeKill(
  watcher: Watcher,
  interrupted: AbortSignal,
  reporter: Reporter,
): Promise<boolean> {
  const step = (text: string) => reporter.notice({ kind: 'step', text });
  const parent = chooseParent();
  await removeLeftovers(parent);
  const events = watcher.events();
  if (!(await isLive(events)) || interrupted.aborted) return false;

  await using cgroup = makeCgroup(parent);
  step(`Made the cgroup ${cgroup.folder} with a limit of ${formatKiB(limitKiB)}.`);
  await using victim = new Victim(cgroup.folder);
  if (victim.pid !== undefined) {
    step(`Process ${victim.pid}, ${victimName}, takes more than that.`);
  }
  const reported = reportKill(events, reporter, (kill) => isKillOf(kill, cgroup.name, victim.pid));
  // One that was not killed ends the waiting.
  return await Promise.race([reported, victim.killed().then(() => reported)]);
}

async function isLive(events: AsyncIterator<WatchEvent, void>): Promise<boolean> {
  for (;;) {
    const { value, done } = await events.next();
    if (done || value === undefined) return false;
    if (value.kind === 'watching') return true;
  }
}

async function reportKill(
  events: AsyncIterable<WatchEvent>,
  reporter: Reporter,
  isIt: (kill: Kill) => boolean,
): Promise<boolean> {
  for await (const event of events) {
    if (event.kind !== 'kill' || !isIt(event.kill)) continue;
    reporter.kill(event.kill);
    return true;
  }
  return false;
}

function makeCgroup(parent: Parent): ThrowawayCgroup {
  try {
    return new ThrowawayCgroup(parent);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw notAllowed(
      `the demo cannot make a memory cgroup below ${parent.folder} (${code}): run it as root, on the node itself`,
    );
  }
}

/** By its cgroup; where the kernel withheld that, by its pid, or in another pid namespace than the log's by its name. */
function isKillOf({ cgroup, victim }: Kill, cgroupName: string, pid: number | undefined): boolean {
  if (cgroup?.victim !== undefined) return cgroup.victim.endsWith(`/${cgroupName}`);
  return seesNodePids() ? victim?.pid === pid : victim?.name === victimName;
}
