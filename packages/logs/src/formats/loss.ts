import { isKernelLine, type LogLine } from './log-line.js';

const byProgram: Record<string, RegExp> = {
  // journald-kmsg.c: the kernel's log had overrun it.
  'systemd-journald': /^Missed (\d{1,9}) kernel messages/,
  // imjournal: of any program, the kernel among them.
  rsyslogd: /(\d{1,9}) messages lost due to rate-limiting/,
};
/** printk.c: a console that was too slow. */
const byConsole = /^\*\* (\d{1,9}) printk messages dropped \*\*/;

/** How many lines of the kernel the line says are missing. */
export function linesLost(line: LogLine): number {
  const words = isKernelLine(line)
    ? byConsole
    : line.source !== undefined && Object.hasOwn(byProgram, line.source)
      ? byProgram[line.source]
      : undefined;
  return Number(words?.exec(line.text)?.[1] ?? 0);
}
