import type { Kill } from '@oomwatcher/oom';
import { FlightRecorder, type FlightRecorderOpening } from '@oomwatcher/watcher';
import type { Reporter } from '../output/reporter.js';
import type { RunUpState } from './agent-state.js';

/** The minutes before kills, where they were asked for: whoever has a kill adds them to it. */
export class RunUps {
  readonly #opening: FlightRecorderOpening | undefined;

  /** @param asked not of a captured log: the cgroups of this machine have nothing to do with it */
  constructor(asked: boolean) {
    this.#opening = asked ? FlightRecorder.open() : undefined;
  }

  /** undefined: they were not asked for. */
  get state(): RunUpState | undefined {
    if (this.#opening === undefined) return undefined;
    const { recorder, reason } = this.#opening;
    if (recorder === undefined) return { live: false, reason };
    return { live: true, reason: recorder.sentence(), recorder };
  }

  /** Only what is missing: that kills come with their minutes shows each of them. */
  report(reporter: Reporter): void {
    const { state } = this;
    if (state?.live === false) reporter.notice({ kind: 'run-up', ...state });
  }

  addTo(kill: Kill): Kill {
    const runUp = kill.runUp ?? this.#opening?.recorder?.runUpOf(kill);
    return runUp === undefined ? kill : { ...kill, runUp };
  }

  close(): void {
    this.#opening?.recorder?.close();
  }
}
