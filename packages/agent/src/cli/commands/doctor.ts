import { jsonLine } from '@oomwatcher/explain';
import { type ExamineOptions, examine } from '../../doctor/examine.js';
import type { Finding } from '../../doctor/finding.js';
import { findingLines, verdict } from '../../doctor/finding-lines.js';
import { ExitCode } from '../../exit-codes.js';
import { standardOutput } from '../../output/standard-output.js';
import { styleFor } from '../../output/style.js';
import { version } from '../../version.js';

export interface DoctorOptions extends ExamineOptions {
  json: boolean;
}

/** `oomwatcher doctor`: says what this node allows, one line a check. Returns the exit code. */
export async function doctorCommand({ json, ...options }: DoctorOptions): Promise<number> {
  const findings = await examine(options);
  if (json) standardOutput.writeLine(jsonLine(doctorReport(findings)));
  else {
    const style = styleFor(process.stdout);
    for (const line of findingLines(findings, style)) standardOutput.writeLine(line);
    standardOutput.writeLine(verdict(findings));
  }
  return canWork(findings) ? ExitCode.ok : ExitCode.notAllowed;
}

/** What `--json` prints; `ok`: the agent can work here. */
export function doctorReport(findings: readonly Finding[]) {
  return {
    schema: 'oomwatcher.doctor/v1',
    version,
    ok: canWork(findings),
    checks: findings,
  };
}

function canWork(findings: readonly Finding[]): boolean {
  return findings.every(({ status }) => status !== 'missing');
}
