import {
  type OomWitness,
  openOomWitness,
  type WitnessOptions,
  type WitnessStats,
} from '@oomwatcher/kmsg';
import { KernelWitness } from './kernel-witness.js';

/** What is asked of the kernel itself. */
export interface WitnessChoice {
  /**
   * Whether a program in the kernel reports each kill at the kill itself: `auto`: where the kernel lets it be loaded;
   * `require`: the watch does not begin without it; `off` (default): the log, /proc and counters alone.
   */
  witness?: 'auto' | 'off' | 'require' | undefined;
  /** Where the witness's program is from, see WitnessProgram. */
  witnessProgram?: WitnessProgram | undefined;
  /**
   * Whether what the kernel tells of kills is kept there until `acknowledge` says that all that was given out is recorded;
   * default false: what was given out is done with.
   */
  acknowledges?: boolean | undefined;
}

/** Whether the kernel itself reports kills, and why, in one sentence; where it does, what its program has counted. */
export interface WitnessState {
  live: boolean;
  reason: string;
  stats?: WitnessStats;
}

/** Where its program is from; default: it is loaded here. `refused`: why it cannot be had, as somebody else was told. */
export type WitnessProgram = Pick<WitnessOptions, 'pins' | 'handed'> & {
  refused?: string | undefined;
};

export interface OpenedWitness {
  state(): WitnessState;
  source?: KernelWitness;
}

/** undefined: it was not asked for. @throws when it was required and cannot be had. */
export function openWitness({
  witness: how = 'off',
  witnessProgram: { refused, ...program } = {},
  acknowledges: keepUntilReleased = false,
}: WitnessChoice): OpenedWitness | undefined {
  if (how === 'off') return undefined;
  try {
    if (refused !== undefined) throw new Error(refused);
    let opened: OomWitness | undefined;
    const source = new KernelWitness((onWake) => {
      opened = openOomWitness({ ...program, keepUntilReleased }, onWake);
      return opened;
    });
    const stats = () => (opened as OomWitness).stats();
    const reason = reasonOf(stats());
    return { state: () => ({ live: true, reason, stats: stats() }), source };
  } catch (error) {
    if (how === 'require') throw error;
    return { state: () => ({ live: false, reason: (error as Error).message }) };
  }
}

function reasonOf({ pinned, pinsMessage }: WitnessStats): string {
  const sees = 'a program sees each kill';
  if (pinned) return `${sees}, also while no agent runs`;
  return pinsMessage === undefined ? sees : `${sees}, while this agent runs: ${pinsMessage}`;
}
