import { printable } from '@oomwatcher/explain';
import {
  becomeWithOomWitness,
  forgetOomWitness,
  type LoadedWitness,
  loadOomWitness,
  removeOomWitness,
  storeOomWitness,
} from '@oomwatcher/kmsg';
import { notAllowed } from '../../refusal.js';
import { named, refusedVariable, storedNames } from '../../runtime/witness-program.js';

export interface WitnessCommandOptions {
  action: 'load' | 'remove';
  pins: string;
  /** Where the kernel refuses it, say so and go on. */
  orWithout: boolean;
  /** What this process is to become; none: it ends. */
  command: readonly string[];
}

/**
 * `oomwatcher witness load`: the only part of the agent that has to be allowed bpf(2). What it has loaded goes to the
 * command that it becomes, to systemd, or stays pinned.
 */
export function witnessCommand({ action, pins, orWithout, command }: WitnessCommandOptions): void {
  try {
    if (action === 'remove') remove(pins);
    else load(pins, command);
  } catch (error) {
    const { message } = error as Error;
    if (!orWithout) throw notAllowed(message);
    say(`no witness in the kernel: ${message}`);
    process.env[refusedVariable] = message;
  }
  // Not within the try: a command that cannot be run is no reason to run it again.
  if (command.length > 0) becomeWithOomWitness(command, []);
}

function load(pins: string, command: readonly string[]): void {
  const supervisor = command.length > 0 ? undefined : process.env.NOTIFY_SOCKET;
  // What it keeps of an earlier start holds the lock of the pins.
  if (supervisor !== undefined) forgetOomWitness(supervisor, storedNames);
  const loaded = loadOomWitness({ pins });
  if (supervisor !== undefined) storeOomWitness(supervisor, named(loaded.descriptors));
  else if (command.length === 0 && !loaded.pinned) {
    throw new Error(`nothing would keep it: ${loaded.pinsMessage}`);
  }
  say(`witness in the kernel: loaded${whereTo(loaded, pins)}${controlOf(loaded)}`);
  if (command.length > 0) becomeWithOomWitness(command, named(loaded.descriptors));
}

function whereTo({ pinned, pinsMessage }: LoadedWitness, pins: string): string {
  return pinned ? `, pinned in ${pins}` : `, not pinned (${pinsMessage})`;
}

function controlOf({ controlMessage }: LoadedWitness): string {
  return controlMessage === undefined
    ? ''
    : `; whose limit it was is deduced, the kernel does not let that be read (${controlMessage})`;
}

function remove(pins: string): void {
  removeOomWitness(pins);
  say(`witness in the kernel: nothing is pinned in ${pins} any more`);
}

function say(sentence: string): void {
  process.stderr.write(`${printable(sentence)}\n`);
}
