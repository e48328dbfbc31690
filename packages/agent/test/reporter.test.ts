import type { Kill, Outcome } from '@oomwatcher/oom';
import { describe, expect, test } from 'vitest';
import type { Notice } from '../src/output/notice.js';
import { explainingReporter, jsonReporter, lineReporter } from '../src/output/reporter.js';
import { hostileName, invisible, wholeKill, withHostileTexts } from './support/kills.js';
import { captureOutputs } from './support/outputs.js';

const kill = withHostileTexts<Kill>(wholeKill);
const outcome: Outcome = {
  schema: 'oomwatcher.outcome/v1',
  kind: 'panic',
  id: 'b:1',
  seq: 1,
  message: hostileName,
};
const notice: Notice = { kind: 'forged', seq: 1, text: hostileName };

describe('JSON', () => {
  test('is one line an object, equal to any parser, and nothing that a terminal would obey', () => {
    const { stdout, stderr } = captureOutputs();
    jsonReporter.kill(kill);
    jsonReporter.outcome(outcome);
    jsonReporter.notice(notice);
    const lines = stdout().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[2]).toBe('');
    expect(JSON.parse(lines[0] as string)).toEqual(kill);
    expect(JSON.parse(lines[1] as string)).toEqual(outcome);
    expect(JSON.parse(stderr())).toEqual({ schema: 'oomwatcher.notice/v1', ...notice });
    for (const line of [...lines, stderr().slice(0, -1)]) expect(line).not.toMatch(invisible);
  });

  test('on stdout is kills and outcomes alone: a notice does not break who reads it', () => {
    const { stdout } = captureOutputs();
    jsonReporter.notice(notice);
    expect(stdout()).toBe('');
  });
});

describe.each([
  ['lines', lineReporter, 1],
  ['explanations', explainingReporter, 17],
] as const)('%s for people', (_, reporterFor, height) => {
  test('are as many lines as their kill has, whatever its name is', () => {
    const { stdout, stderr } = captureOutputs();
    const reporter = reporterFor();
    reporter.kill(kill);
    expect(stdout().trimEnd().split('\n')).toHaveLength(height);
    reporter.outcome(outcome);
    reporter.notice(notice);
    expect(stdout().trimEnd().split('\n').at(-1)).toContain('panicked');
    expect(stderr().split('\n')).toHaveLength(2);
    for (const line of `${stdout()}${stderr()}`.split('\n')) expect(line).not.toMatch(invisible);
  });
});
