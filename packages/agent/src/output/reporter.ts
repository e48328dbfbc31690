import { amendmentLine, explain, jsonLine, killLine, outcomeLine } from '@oomwatcher/explain';
import type { Amendment, Kill, Outcome } from '@oomwatcher/oom';
import { logLine } from './log-line.js';
import { type Notice, noticeSentence } from './notice.js';
import { standardOutput } from './standard-output.js';
import { styleFor } from './style.js';

/** Where a command says what happens: kills and outcomes on stdout, notices on stderr. */
export interface Reporter {
  kill(kill: Kill): void;
  amendment(amendment: Amendment): void;
  outcome(outcome: Outcome): void;
  notice(notice: Notice): void;
}

/** One JSON object a line on both streams. */
export const jsonReporter: Reporter = {
  kill: (kill) => standardOutput.writeLine(jsonLine(kill)),
  amendment: (amendment) => standardOutput.writeLine(jsonLine(amendment)),
  outcome: (outcome) => standardOutput.writeLine(jsonLine(outcome)),
  notice: (notice) =>
    process.stderr.write(`${jsonLine({ schema: 'oomwatcher.notice/v1', ...notice })}\n`),
};

/** For who runs the agent: its notices are lines of a log, unless people read them on a terminal. */
export function agentReporter(json: boolean): Reporter {
  const lines = lineReporter();
  const { kill, amendment, outcome } = json ? jsonReporter : lines;
  const forPeople = process.stderr.isTTY && !json;
  return {
    kill,
    amendment,
    outcome,
    notice: forPeople ? lines.notice : (notice) => process.stderr.write(`${logLine(notice)}\n`),
  };
}

/** For people who watch: one line a kill. */
export function lineReporter(): Reporter {
  return terminalReporter(killLine);
}

/** For people who read a captured log: a paragraph a kill, with what to do next. */
export function explainingReporter(): Reporter {
  return terminalReporter((kill, style) => `${explain(kill, style)}\n`);
}

/** For people who try it out: the line that a watch prints, and the paragraph that explains it. */
export function trialReporter(): Reporter {
  return terminalReporter((kill, style) => `${killLine(kill, style)}\n\n${explain(kill, style)}\n`);
}

function terminalReporter(words: typeof killLine): Reporter {
  const style = styleFor(process.stdout);
  const noticeStyle = styleFor(process.stderr);
  return {
    kill: (kill) => standardOutput.writeLine(words(kill, style)),
    amendment: (amendment) => standardOutput.writeLine(amendmentLine(amendment, style)),
    outcome: (outcome) => standardOutput.writeLine(outcomeLine(outcome, style)),
    notice: (notice) => process.stderr.write(`${noticeStyle('dim', noticeSentence(notice))}\n`),
  };
}
