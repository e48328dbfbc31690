import type { Amendment, Kill, Outcome } from '@oomwatcher/oom';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  hostileName,
  invisible,
  wholeKill,
  withHostileTexts,
} from '../../oom/test/support/kills.js';
import { logLine } from '../src/output/log-line.js';
import type { Notice } from '../src/output/notice.js';
import {
  agentReporter,
  explainingReporter,
  jsonReporter,
  lineReporter,
} from '../src/output/reporter.js';
import { captureOutputs } from './support/outputs.js';

const kill = withHostileTexts<Kill>(wholeKill);
const outcome: Outcome = {
  schema: 'oomwatcher.outcome/v1',
  kind: 'panic',
  id: 'b:1',
  seq: 1,
  message: hostileName,
};
const amendment: Amendment = {
  schema: 'oomwatcher.amendment/v1',
  id: 'b:7',
  fields: { group: { id: 'b:7', size: 3, cgroup: hostileName }, cgroup: { victim: hostileName } },
};
const notice: Notice = { kind: 'forged', seq: 1, text: hostileName };

describe('JSON', () => {
  test('is one line an object, equal to any parser, and nothing that a terminal would obey', () => {
    const { stdout, stderr } = captureOutputs();
    jsonReporter.kill(kill);
    jsonReporter.outcome(outcome);
    jsonReporter.amendment(amendment);
    jsonReporter.notice(notice);
    const lines = stdout().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[3]).toBe('');
    expect(JSON.parse(lines[0] as string)).toEqual(kill);
    expect(JSON.parse(lines[1] as string)).toEqual(outcome);
    expect(JSON.parse(lines[2] as string)).toEqual(amendment);
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

describe('the log of an agent', () => {
  test('is in the form that pino writes', () => {
    const lines: string[] = [];
    const log = pino({}, { write: (line: string) => lines.push(line) });
    log.warn({ schema: 'oomwatcher.notice/v1', kind: 'loss', lost: 1, fromSeq: 2 }, 'a sentence');
    const expected = JSON.parse(lines[0] as string);
    const reported = JSON.parse(logLine({ kind: 'loss', lost: 1, fromSeq: 2 }, expected.time));
    expect(reported).toEqual({ ...expected, msg: expect.stringMatching(/^1 record lost/) });
    expect(Object.keys(reported)).toEqual(Object.keys(expected));
    expect(JSON.parse(logLine({ kind: 'step', text: '' })).level).toBe(pino.levels.values.info);
  });

  test('is one harmless line a notice, with kills for people beside it', () => {
    stderrOnTerminal(false);
    const { stdout, stderr } = captureOutputs();
    const reporter = agentReporter(false);
    reporter.notice(notice);
    reporter.kill(wholeKill);
    expect(JSON.parse(stderr())).toMatchObject({ level: 40, ...notice });
    expect(stderr().slice(0, -1)).not.toMatch(invisible);
    expect(stdout()).toMatch(/OOM kill {2}nginx/);
  });

  test('on a terminal is for people, unless JSON is asked for', () => {
    stderrOnTerminal(true);
    const { stderr } = captureOutputs();
    agentReporter(false).notice({ kind: 'step', text: 'for people' });
    expect(stderr()).toMatch(/^[^{]*for people[^{]*\n$/);
    agentReporter(true).notice({ kind: 'step', text: 'JSON' });
    expect(stderr()).toMatch(/\n\{"level":30,.*"msg":"JSON"\}\n$/);
  });
});

function stderrOnTerminal(value: boolean): void {
  const { isTTY } = process.stderr;
  onTestFinished(() => void Object.assign(process.stderr, { isTTY }));
  process.stderr.isTTY = value;
}

test('an amendment is one line for people, whatever its names are', () => {
  const { stdout } = captureOutputs();
  lineReporter().amendment(amendment);
  expect(stdout()).toMatch(/^kill b:7 after all: one of 3 processes killed together .*, in a.*\n$/);
  expect(stdout().slice(0, -1)).not.toMatch(invisible);
});
