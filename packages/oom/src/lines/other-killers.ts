import type { LineFamily } from './family.js';
import { decodeName } from './names.js';

/** What another killer than the kernel's OOM killer says that it killed: a process or a whole cgroup. */
export interface OtherKill {
  killer: string;
  process?: { pid?: number; name?: string };
  cgroup?: string;
  message: string;
}

/**
 * One whose lines a log may show as the kernel's: Android's lowmemorykiller is in the kernel (drivers/staging/android up
 * to 4.11, vendor kernels later), and what Talos writes to /dev/kmsg is printed by dmesg without its facility.
 */
export interface OtherKillerLine {
  type: 'other-killer';
  kill: OtherKill;
}

type Killed = Omit<OtherKill, 'killer' | 'message'>;

interface Killer {
  /** The syslog identifiers that it writes under. Absent: the text says who it is. */
  identifiers?: readonly string[];
  read(text: string): Killed | undefined;
  /** What a captured log is searched for. */
  found: readonly string[];
}

/** The words are those of the programs' own sources; each logs a line for every kill. */
const killers: Record<string, Killer> = {
  'systemd-oomd': {
    identifiers: ['systemd-oomd'],
    // src/oom/oomd-manager.c: "Killed %s due to memory …" up to 258, "Marked %s for killing due to memory …" later.
    read(text) {
      const match =
        /^(?:Killed (\/[\s\S]*?)|Marked (\/[\s\S]*?) for killing) due to (?:memory|swap)/.exec(
          text,
        );
      return match === null ? undefined : { cgroup: decodeName((match[1] ?? match[2]) as string) };
    },
    found: [' due to memory '],
  },
  earlyoom: {
    identifiers: ['earlyoom'],
    read: readEarlyoom,
    found: ['sending SIGTERM to process', 'sending SIGKILL to process', 'illing process'],
  },
  nohang: {
    identifiers: ['nohang', 'nohang-desktop'],
    // src/nohang: the victim is described in lines before; this one says that it is done.
    read: (text) => (/^ *Sending SIG(?:TERM|KILL) to the victim/.test(text) ? {} : undefined),
    found: ['Sending SIGTERM to the victim', 'Sending SIGKILL to the victim'],
  },
  talos: {
    // internal/app/machined/pkg/controllers/runtime: `Sending SIGKILL to cgroup {… "cgroup": "/sys/fs/cgroup/…"}`
    read(text) {
      const match =
        /^\[talos\] Sending SIGKILL to cgroup \{[\s\S]*"cgroup": ?"(?:\/sys\/fs\/cgroup)?(\/[^"]*)"/.exec(
          text,
        );
      return match === null ? undefined : { cgroup: decodeName(match[1] as string) };
    },
    found: ['Sending SIGKILL to cgroup'],
  },
  lmkd: {
    identifiers: ['lmkd'],
    // lmkd.cpp: "Kill '%s' (%d), uid %d, oom_score_adj %d to free …"; Samsung's says Reclaim.
    read: readQuoted,
    found: [', oom_score_adj '],
  },
  lowmemorykiller: {
    // Also lmkd's tag up to Android 9.
    identifiers: ['lowmemorykiller'],
    read: readLowmemorykiller,
    found: ['lowmemorykiller', 'send sigkill to '],
  },
};

/** What a captured log is searched for. */
export const killerWords = Object.values(killers).flatMap(({ found }) => found);

export const otherKillerFamily: LineFamily<OtherKillerLine> = {
  type: 'other-killer',
  parse: parseOtherKillerLine,
  begins: ['lowmemorykiller', 'lmkd', 'I/l', 'W/l', 'E/l', 'send sigkill to ', '[talos] '],
  rank: 'captured',
  forgeable: false,
  beside: true,
  sample: "lowmemorykiller: Killing 'd.play.games.ui' (2613), adj 1000,",
};

/** @param source the syslog identifier of the line's writer, where the log says */
export function parseOtherKill(source: string | undefined, text: string): OtherKill | undefined {
  for (const [killer, { identifiers, read }] of Object.entries(killers)) {
    if (source === undefined ? identifiers !== undefined : !(identifiers?.includes(source) ?? true))
      continue;
    const killed = read(text);
    if (killed !== undefined) return { killer, ...killed, message: decodeName(text) };
  }
  return undefined;
}

function parseOtherKillerLine(text: string): OtherKillerLine | undefined {
  const kill = text.startsWith('[talos] ') ? parseOtherKill(undefined, text) : androidKill(text);
  return kill === undefined ? undefined : { type: 'other-killer', kill };
}

/** The kernel's own, or a line of logcat without what stands before the tag: `lmkd    : …`, `I/lmkd    (  400): …`. */
function androidKill(text: string): OtherKill | undefined {
  const tag = /^(?:[IWE]\/)?(lowmemorykiller|lmkd) *(?:\( *\d+\))?: /.exec(text);
  const killed = readLowmemorykiller(tag === null ? text : text.slice(tag[0].length));
  return killed && { killer: tag?.[1] ?? 'lowmemorykiller', ...killed, message: decodeName(text) };
}

/**
 * kill.c: `sending SIGTERM to process 7 uid 0 "name": badness …` (1.4), without the uid (1.3), and with the command line
 * at the end (1.8), which may hold quotes and colons of its own; a name has at most 15 bytes. Before: `killing process 7
 * "name" with signal 15: badness …`, `Killing process 'name' with signal 15, pid: 7, …`, `Killing process: name, pid: 7, …`.
 */
function readEarlyoom(text: string): Killed | undefined {
  const match =
    /sending SIG(?:TERM|KILL) to process (\d{1,10})(?: uid \d+)? "([\s\S]{0,60}?)": (?:badness|oom_score) /.exec(
      text,
    );
  if (match !== null) return processOf(match[1], match[2]);
  const old = /^killing process (\d{1,10}) "([\s\S]*)" with signal \d+: badness /.exec(text);
  if (old !== null) return processOf(old[1], old[2]);
  const older = /Killing process '([\s\S]*)' with signal \d+, pid: (\d{1,10}), /.exec(text);
  if (older !== null) return processOf(older[2], older[1]);
  const first = /^Killing process: ([\s\S]*), pid: (\d{1,10}), badness: /.exec(text);
  if (first !== null) return processOf(first[2], first[1]);
  const oldest = /^Killing process (\d{1,10}) (\S.*)$/.exec(text);
  return oldest === null ? undefined : processOf(oldest[1], oldest[2]);
}

/** `Killing 'name' (7), adj 906,` and `Killing 'name' (7) (tgid 7), adj 0,` (vendor kernels), `…, uid 10, adj 906` (lmkd). */
function readQuoted(text: string): Killed | undefined {
  const match =
    /^(?:Kill(?:ing)?|Reclaim) '([\s\S]*)' \((\d{1,10})\)(?: \(tgid \d+\))?, (?:uid|adj|oom_score_adj) /.exec(
      text,
    );
  return match === null ? undefined : processOf(match[2], match[1]);
}

/** drivers/staging/android/lowmemorykiller.c: `send sigkill to 7 (name), adj 0, size 9`; before 3.x under no name. */
function readLowmemorykiller(text: string): Killed | undefined {
  const match = /^send sigkill to (\d{1,10}) \(([\s\S]{0,15})\), adj /.exec(text);
  return match === null ? readQuoted(text) : processOf(match[1], match[2]);
}

function processOf(
  pid: string | undefined,
  name: string | undefined,
): { process: { pid: number; name: string } } {
  return { process: { pid: Number(pid), name: decodeName(name ?? '') } };
}
