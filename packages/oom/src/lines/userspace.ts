import { decodeName } from './names.js';

/** What a user-space OOM killer says that it killed: a process or a whole cgroup. */
export interface UserspaceKill {
  killer: string;
  process?: { pid?: number; name?: string };
  cgroup?: string;
  message: string;
}

type Reader = (text: string) => Omit<UserspaceKill, 'killer' | 'message'> | undefined;

/** A user-space OOM killer: how a line of it is understood, and the words it is found by in a captured log. */
interface Killer {
  read: Reader;
  found: readonly string[];
}

/** By syslog identifier. The words are those of the programs' own sources; each logs a line for every kill. */
const killers: Record<string, Killer> = {
  // src/oom/oomd-manager.c: log_notice("Killed %s due to memory …")
  'systemd-oomd': {
    read(text) {
      const match = /^Killed (\/[\s\S]*?) due to (?:memory|swap)/.exec(text);
      return match === null ? undefined : { cgroup: decodeName(match[1] as string) };
    },
    found: [' due to memory '],
  },
  // kill.c: "sending %s to process %d uid %d \"%s\": …"
  earlyoom: {
    read(text) {
      const match = /sending SIG(?:TERM|KILL) to process (\d{1,10}) uid \d+ "([\s\S]*)":/.exec(
        text,
      );
      return match === null ? undefined : processOf(match[1], match[2]);
    },
    found: ['sending SIGTERM to process', 'sending SIGKILL to process'],
  },
  // lmkd.cpp: "Kill '%s' (%d), uid %d, oom_score_adj %d to free …"
  lmkd: { read: readLmkd, found: [', oom_score_adj '] },
  lowmemorykiller: { read: readLmkd, found: ['lowmemorykiller'] },
};

/** What a captured log is searched for. */
export const killerWords = Object.values(killers).flatMap(({ found }) => found);

function readLmkd(text: string): ReturnType<Reader> {
  const match = /^Kill(?:ing)? '([\s\S]*)' \((\d{1,10})\), (?:uid|adj) /.exec(text);
  return match === null ? undefined : processOf(match[2], match[1]);
}

function processOf(
  pid: string | undefined,
  name: string | undefined,
): { process: { pid: number; name: string } } {
  return { process: { pid: Number(pid), name: decodeName(name ?? '') } };
}

/** @param source the syslog identifier of the line's writer */
export function parseUserspaceKill(source: string, text: string): UserspaceKill | undefined {
  const killed = Object.hasOwn(killers, source) ? killers[source]?.read(text) : undefined;
  return killed === undefined
    ? undefined
    : { killer: source, ...killed, message: decodeName(text) };
}
