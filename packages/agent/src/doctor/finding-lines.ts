import type { Style } from '@oomwatcher/explain';
import { printable } from '@oomwatcher/explain';
import type { Finding } from './finding.js';

const colours = { ok: 'green', warning: 'yellow', missing: 'red' } as const;
const statusWidth = 'warning'.length;

/** One aligned line a check: how it is, what that means, what to do. */
export function findingLines(findings: readonly Finding[], style: Style): string[] {
  const checkWidth = Math.max(0, ...findings.map(({ check }) => check.length));
  return findings.map(({ check, status, message, remedy }) => {
    const head = style(colours[status], status.padEnd(statusWidth));
    const sentence = remedy === undefined ? message : `${message}: ${remedy}`;
    return `${head}  ${check.padEnd(checkWidth)}  ${printable(sentence)}`;
  });
}

/** The answer to what was asked. */
export function verdict(findings: readonly Finding[]): string {
  const count = (status: Finding['status']) =>
    findings.filter((finding) => finding.status === status).length;
  const lacks = count('missing');
  if (lacks > 0) return `The agent cannot work here: ${things(lacks)} missing.`;
  const warnings = count('warning');
  if (warnings === 0) return 'The agent can work here.';
  return `The agent can work here, with ${warnings} warning${warnings === 1 ? '' : 's'}.`;
}

function things(count: number): string {
  return count === 1 ? 'one thing is' : `${count} things are`;
}
