import { onTestFinished, vi } from 'vitest';
import type { Notice } from '../../src/output/notice.js';
import type { Reporter } from '../../src/output/reporter.js';

/** What is written to stdout and stderr for the rest of the test, instead of written. */
export function captureOutputs(): { stdout: () => string; stderr: () => string } {
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    const spy = vi.spyOn(process[name], 'write').mockImplementation((text) => {
      texts[name] += text;
      return true;
    });
    onTestFinished(() => spy.mockRestore());
  }
  return { stdout: () => texts.stdout, stderr: () => texts.stderr };
}

/** A reporter that keeps what it is reported. */
export function collector() {
  const kills: Parameters<Reporter['kill']>[0][] = [];
  const amendments: Parameters<Reporter['amendment']>[0][] = [];
  const outcomes: Parameters<Reporter['outcome']>[0][] = [];
  const notices: Notice[] = [];
  const reporter: Reporter = {
    kill: (kill) => kills.push(kill),
    amendment: (amendment) => amendments.push(amendment),
    outcome: (outcome) => outcomes.push(outcome),
    notice: (notice) => notices.push(notice),
  };
  return { kills, amendments, outcomes, notices, reporter };
}
