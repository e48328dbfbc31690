import type { WitnessDescriptor } from '@oomwatcher/kmsg';
import type { WatchOptions } from '@oomwatcher/watcher';

/** Where the program stays while no agent runs. */
export const defaultPins = '/sys/fs/bpf/oomwatcher';

/** In LISTEN_FDNAMES others may be named too. */
const prefix = 'oomwatcher-';

/** What a loader may hand over: the names of OomWitness.load's descriptors. */
const handedNames = [
  'state',
  'ring',
  'programs',
  'signal_generate',
  'mark_victim',
  'oom_kill_process',
  'oom_kill_process_end',
  'pins',
  'ring_before',
];

/** The names under which systemd keeps them. */
export const storedNames = handedNames.map((name) => prefix + name);

/** The first one (SD_LISTEN_FDS_START). */
const firstFd = 3;

/** How a loader that has become the agent says that there is no witness, and why. */
export const refusedVariable = 'OOMWATCHER_WITNESS_REFUSED';

const listenVariables = ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES'] as const;

export function named(descriptors: readonly WitnessDescriptor[]): WitnessDescriptor[] {
  return descriptors.map(({ name, fd }) => ({ name: prefix + name, fd }));
}

/**
 * Where the witness's program is from: what a loader or systemd has handed over (sd_listen_fds(3)), else `pins`. Takes it
 * out of the environment, for it is no child's.
 */
export function witnessProgram(
  pins: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
  pid = process.pid,
): NonNullable<WatchOptions['witnessProgram']> {
  const handed = handedOver(env, pid);
  const refused = env[refusedVariable];
  for (const name of [...listenVariables, refusedVariable]) delete env[name];
  if (handed.length > 0) return { handed };
  if (refused !== undefined) return { refused };
  return pins === undefined ? {} : { pins };
}

function handedOver(env: NodeJS.ProcessEnv, pid: number): WitnessDescriptor[] {
  const { LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES = '' } = env;
  if (Number(LISTEN_PID) !== pid) return [];
  return LISTEN_FDNAMES.split(':')
    .slice(0, Number(LISTEN_FDS))
    .map((name, index) => ({ name: name.slice(prefix.length), fd: firstFd + index, whole: name }))
    .filter(({ whole, name }) => whole.startsWith(prefix) && handedNames.includes(name))
    .map(({ name, fd }) => ({ name, fd }));
}
