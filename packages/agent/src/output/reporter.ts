import {
  amendmentLine,
  clockTime,
  datedTime,
  explain,
  jsonLine,
  killLine,
  type Style,
  type Words,
} from '@oomwatcher/explain';
import type { Amendment, Kill, Outcome } from '@oomwatcher/oom';
import { EqualOutcomes } from './equal-outcomes.js';
import { logLine } from './log-line.js';
import { type Notice, noticeSentence } from './notice.js';
import { standardOutput } from './standard-output.js';
import { styleFor } from './style.js';

/** Where a command says what happens: kills and outcomes on stdout, notices on stderr. */
export interface Reporter {
  /** @param oftenOf how often its workload was killed, for who is told in words */
  kill(kill: Kill, oftenOf?: (kill: Kill) => string | undefined): void;
  amendment(amendment: Amendment): void;
  outcome(outcome: Outcome): void;
  notice(notice: Notice): void;
}

/** One JSON object a line on both streams. */
export const jsonReporter: Reporter = {
  kill: (kill) => standardOutput.writeLine(jsonLine(kill)),
  amendment: (amendment) => standardOutput.writeLine(jsonLine(amendment)),
  outcome: (outcome) => standardOutput.writeLine(jsonLine(outcome)),
  notice: (notice) => writeNotice(jsonLine({ schema: 'oomwatcher.notice/v1', ...notice })),
};

/** For who runs the agent: lines of a log, of one form on both streams; on a terminal for people. */
export function agentReporter(json: boolean): Reporter {
  if (json) return { ...jsonReporter, notice: (notice) => writeNotice(logLine(notice)) };
  const lines = lineReporter();
  if (process.stderr.isTTY) return lines;
  const notice = (notice: Notice) => {
    lines.settle();
    writeNotice(`${new Date().toISOString()}  ${noticeSentence(notice)}`);
  };
  return { ...lines, notice };
}

/** For people who watch: one line a kill. Where no terminal shows it, it is a log: with date and zone. */
export function lineReporter(): TerminalReporter {
  const timeOf = process.stdout.isTTY ? clockTime : datedTime;
  return terminalReporter((kill, style) => killLine(kill, style, timeOf(kill)), timeOf, 1000);
}

/** For people who read a captured log: a paragraph a kill, with what to do next. */
export function explainingReporter(words?: Words): Reporter {
  return terminalReporter((kill, style) => `${explain(kill, style, undefined, words)}\n`);
}

/** For people who try it out: the line that a watch prints, and the paragraph that explains it. */
export function trialReporter(): Reporter {
  return terminalReporter((kill, style) => `${killLine(kill, style)}\n\n${explain(kill, style)}\n`);
}

interface TerminalReporter extends Reporter {
  /** Writes what is held back. */
  settle(): void;
}

/** @param heldMs how long the count of equal outcomes is held back; default: until something else is said */
function terminalReporter(
  words: (kill: Kill, style: Style) => string,
  timeOf: (event: Outcome) => string = datedTime,
  heldMs?: number,
): TerminalReporter {
  const style = styleFor(process.stdout);
  const noticeStyle = styleFor(process.stderr);
  const outcomes = new EqualOutcomes(style, timeOf, heldMs);
  const settle = () => outcomes.settle();
  const write = (line: string) => {
    outcomes.end();
    standardOutput.writeLine(line);
  };
  return {
    settle,
    kill: (kill, oftenOf) => {
      const often = oftenOf?.(kill);
      write(`${words(kill, style)}${often === undefined ? '' : `  ${style('dim', often)}`}`);
    },
    amendment: (amendment) => write(amendmentLine(amendment, style)),
    outcome: (outcome) => outcomes.add(outcome),
    notice: (notice) => {
      settle();
      writeNotice(noticeStyle('dim', noticeSentence(notice)));
    },
  };
}

function writeNotice(line: string): void {
  process.stderr.write(`${line}\n`);
}
