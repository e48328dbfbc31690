import type { Trigger } from './kill.js';

/** Something that the OOM killer, or a user-space one, did that is not a kill by the kernel. JSON-able. */
export interface Outcome {
  schema: 'oomwatcher.outcome/v1';
  kind:
    | 'no-killable-process'
    | 'panic'
    /** A process was chosen, but was exiting already. */
    | 'already-exiting'
    /** `count` reports that the kernel's rate limit withheld since the last one printed, more than kills were reported without one. */
    | 'reports-suppressed'
    /** A user-space killer (`killer`) says that it killed. */
    | 'userspace';
  /** `<bootId>:<seq>` as of a kill. */
  id: string;
  /** ISO 8601 UTC with microseconds. */
  time?: string;
  monotonicUs?: number;
  seq?: number;
  bootId?: string;
  host?: string;
  process?: { pid?: number; name?: string };
  trigger?: Trigger;
  /** The cgroup whose limit was hit, or that a user-space killer emptied. */
  cgroup?: string;
  memory?: { usageKiB?: number; limitKiB?: number };
  count?: number;
  killer?: string;
  /** The line in the killer's own words, for kinds without a structure of their own. */
  message?: string;
}
