import type { Amendment, Kill, Outcome } from '@oomwatcher/oom';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
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
  ['explanations', explainingReporter, 18],
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

  test('has one form on both streams, with date and zone where it is for people', () => {
    onTerminal('stderr', false);
    onTerminal('stdout', false);
    const { stdout, stderr } = captureOutputs();
    const reporter = agentReporter(false);
    reporter.notice(notice);
    reporter.kill(wholeKill);
    reporter.outcome({ ...outcome, time: '2026-11-23T16:00:00.123456Z' });
    expect(stderr()).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z {2}record 1 imitates/);
    expect(stderr().slice(0, -1)).not.toMatch(invisible);
    const [killed, panicked] = stdout().split('\n');
    expect(killed).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z {2}OOM kill {2}nginx/);
    expect(panicked).toMatch(/^2026-11-23T16:00:00.123456Z {2}the kernel panicked/);
  });

  test('asked for as JSON is JSON on both streams, each notice one harmless line', () => {
    onTerminal('stderr', false);
    const { stdout, stderr } = captureOutputs();
    const reporter = agentReporter(true);
    reporter.notice(notice);
    reporter.kill(wholeKill);
    expect(JSON.parse(stderr())).toMatchObject({ level: 40, ...notice });
    expect(stderr().slice(0, -1)).not.toMatch(invisible);
    expect(JSON.parse(stdout())).toEqual(wholeKill);
  });

  test('on a terminal is for people, unless JSON is asked for', () => {
    onTerminal('stderr', true);
    const { stderr } = captureOutputs();
    agentReporter(false).notice({ kind: 'step', text: 'for people' });
    expect(stderr()).toMatch(/^[^{]*for people[^{]*\n$/);
    agentReporter(true).notice({ kind: 'step', text: 'JSON' });
    expect(stderr()).toMatch(/\n\{"level":30,.*"msg":"JSON"\}\n$/);
  });
});

function onTerminal(name: 'stdout' | 'stderr', value: boolean): void {
  const { isTTY } = process[name];
  onTestFinished(() => void Object.assign(process[name], { isTTY }));
  process[name].isTTY = value;
}

describe('equal outcomes one after another', () => {
  const nobody = (time: string, cgroup = '/a'): Outcome => ({
    schema: 'oomwatcher.outcome/v1',
    kind: 'no-killable-process',
    id: `b:${time}`,
    time,
    cgroup,
  });

  test('are one line and a count, with the times of the first and the last', () => {
    const { stdout } = captureOutputs();
    const reporter = explainingReporter();
    for (let i = 10; i < 60; i++) reporter.outcome(nobody(`2026-11-23T16:00:${i}.000000Z`));
    reporter.outcome(nobody('2026-11-23T16:01:00.000000Z', '/b'));
    reporter.outcome(nobody('2026-11-23T16:01:01.000000Z', '/b'));
    reporter.kill(wholeKill);
    reporter.outcome(nobody('2026-11-23T16:02:00.000000Z', '/b'));
    const lines = stdout()
      .split('\n')
      .filter((line) => /nobody was|more/.test(line));
    expect(lines).toEqual([
      expect.stringMatching(/^2026-11-23T16:00:10.000000Z .*nobody was {2}in \/a$/),
      'the same 49 times more, the last at 2026-11-23T16:00:59.000000Z',
      expect.stringMatching(/^2026-11-23T16:01:00.000000Z .*in \/b$/),
      'the same 1 time more, the last at 2026-11-23T16:01:01.000000Z',
      expect.stringMatching(/^2026-11-23T16:02:00.000000Z .*in \/b$/),
    ]);
  });

  test('who watches gets the count within a second, though nothing else is said', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { stdout } = captureOutputs();
    const reporter = lineReporter();
    for (let i = 0; i < 5; i++) reporter.outcome(nobody(`2026-11-23T16:00:0${i}.000000Z`));
    vi.advanceTimersByTime(1000);
    expect(stdout()).toMatch(/the same 4 times more, the last at .*\n$/);
  });
});

test('an amendment is one line for people, whatever its names are', () => {
  const { stdout } = captureOutputs();
  lineReporter().amendment(amendment);
  expect(stdout()).toMatch(/^kill b:7 after all: one of 3 processes killed together .*, in a.*\n$/);
  expect(stdout().slice(0, -1)).not.toMatch(invisible);
});
