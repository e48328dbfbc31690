import { openOomWitness, type WitnessOptions } from '@oomwatcher/kmsg';
import { KernelWitness } from './kernel-witness.js';

/** What is asked of the kernel itself. */
export interface WitnessChoice {
  /**
   * Whether a program in the kernel reports each kill at the kill itself: `auto`: where the kernel lets it be loaded;
   * `require`: the watch does not begin without it; `off` (default): the log, /proc and counters alone.
   */
  witness?: 'auto' | 'off' | 'require' | undefined;
  /** Where the witness's program is from; default: it is loaded here, and leaves the kernel with this process. */
  witnessProgram?: Pick<WitnessOptions, 'pins'> | undefined;
  /**
   * Whether what the kernel tells of kills is kept there until `acknowledge` says that all that was given out is recorded;
   * default false: what was given out is done with.
   */
  acknowledges?: boolean | undefined;
}

/** Whether the kernel itself tells of kills, and why, in one sentence. */
export interface WitnessState {
  live: boolean;
  reason: string;
}

export interface OpenedWitness {
  state: WitnessState;
  source?: KernelWitness;
}

/** undefined: it was not asked for. @throws when it was required and cannot be had. */
export function openWitness({
  witness: how = 'off',
  witnessProgram: program = {},
  acknowledges: keepUntilReleased = false,
}: WitnessChoice): OpenedWitness | undefined {
  if (how === 'off') return undefined;
  try {
    const options = { ...program, keepUntilReleased };
    const source = new KernelWitness((onWake) => openOomWitness(options, onWake));
    return { state: { live: true, reason: 'a program sees each kill' }, source };
  } catch (error) {
    if (how === 'require') throw error;
    return { state: { live: false, reason: (error as Error).message } };
  }
}
