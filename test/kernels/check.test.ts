import type { Kill } from '@oomwatcher/oom';
import { describe, expect, it } from 'vitest';
import { checkRun, checkScenario } from './check.ts';
import { decodeName } from './decode.ts';
import type { Death, Handout, ScenarioHandout } from './handout.ts';
import type { Expected, Scenario } from './scenario.ts';

const death = (pid: number): Death => ({
  index: 0,
  pid,
  comm: 'eater',
  commHex: Buffer.from('eater').toString('hex'),
  cgroup: '/pod/container',
  limitCgroup: '/pod',
  signal: 9,
});

const kill = (pid: number, changes: Partial<Kill> = {}): Kill => ({
  schema: 'oomwatcher.kill/v1',
  id: `boot:${pid}`,
  seq: pid,
  scope: 'pod',
  victim: { pid, name: 'eater' },
  cgroup: { victim: '/pod/container', limit: '/pod', from: 'log' },
  complete: true,
  ...changes,
});

const right = (): ScenarioHandout => ({
  truth: [death(1), death(2)],
  kills: [kill(1), kill(2)],
  kernelCount: 2,
  status: 0,
  stderr: '',
});

const scenario = (expected: Expected = { scope: 'pod', whole: true }): Scenario => ({
  name: 'example',
  what: 'an example',
  script: '',
  kills: 2,
  expected,
});

function problems(handout: ScenarioHandout, expected?: Expected): string[] {
  return checkScenario(scenario(expected), handout).problems;
}

const native = { source: 'native', witness: 'off' } as const;

describe('a scenario', () => {
  it('has no problem when every kill is right', () => {
    expect(checkScenario(scenario(), right())).toMatchObject({
      killed: 2,
      reported: 2,
      rightCgroup: 2,
      problems: [],
    });
  });

  it.each<[string, (handout: ScenarioHandout) => void, string]>([
    ['a missed kill', ({ kills }) => kills.pop(), 'missed: 2'],
    ['an invented kill', ({ kills }) => kills.push(kill(3)), 'invented: 3'],
    ['a kill reported twice', ({ kills }) => kills.push(kill(2)), 'reported twice: 2'],
    [
      'a wrong cgroup',
      ({ kills }) => replace(kills, { cgroup: { victim: '/other' } }),
      'cgroup of 2',
    ],
    ['a wrong limit', ({ kills }) => replace(kills, { cgroup: { limit: '/other' } }), 'limit of 2'],
    ['a wrong name', ({ kills }) => replace(kills, { victim: { pid: 2, name: 'x' } }), 'name of 2'],
    ['a wrong scope', ({ kills }) => replace(kills, { scope: 'node' }), 'scope of 2'],
    ['a cgroup lost from a whole report', ({ kills }) => replace(kills, { cgroup: {} }), 'missing'],
    [
      'a whole report called incomplete',
      ({ kills }) => replace(kills, { complete: false }),
      'whole',
    ],
    [
      'a group that was none',
      ({ kills }) => replace(kills, { group: { id: 'g', size: 2 } }),
      'group',
    ],
    ['a kill that only the kernel counted', (handout) => handout.kernelCount++, 'counted 1 more'],
    ['a process that survived', ({ truth }) => delete truth[1]?.signal, '1 processes died, not 2'],
    ['a script that failed', (handout) => (handout.status = 1), 'failed (status 1)'],
  ])('shows %s', (_, spoil, problem) => {
    const handout = right();
    spoil(handout);
    expect(problems(handout).join('\n')).toContain(problem);
  });

  it('shows a wrong main process, and lets an unknown one pass', () => {
    const handout = right();
    replace(handout.kills, { victim: { pid: 2, name: 'eater', mainProcess: true } });
    expect(problems(handout, { mainProcess: false })).toEqual([
      'mainProcess of 2: true, not false',
    ]);
    expect(problems(handout, { mainProcess: true })).toEqual([]);
  });

  it('lets a group’s first victim be counted twice, and nothing more', () => {
    const handout = right();
    const group = { id: 'boot:1', size: 2 };
    handout.kills = [kill(1, { group }), kill(2, { group })];
    handout.kernelCount = 3;
    expect(problems(handout, { groupSize: 2 })).toEqual([]);
    expect(problems({ ...handout, kernelCount: 4 }, { groupSize: 2 })).toHaveLength(1);
    expect(problems(handout, { groupSize: 3 })).toHaveLength(1);
    handout.kills[1] = kill(2, { group: { id: 'boot:2', size: 2 } });
    expect(problems(handout, { groupSize: 2 })).toEqual(['2 incidents, not one']);
  });
});

describe('a scenario whose log is overrun', () => {
  const unread = (changes: Partial<Kill> = {}): Kill => ({
    schema: 'oomwatcher.kill/v1',
    id: 'boot:c2',
    cgroup: { victim: '/pod/container', from: 'counter' },
    complete: false,
    ...changes,
  });
  const overrun = (...kills: Kill[]) =>
    checkScenario(scenario({ overrun: true }), { ...right(), kills });

  it('has no problem when the kills without a line are reported by their cgroup', () => {
    expect(overrun(kill(1), unread())).toMatchObject({ rightCgroup: 2, problems: [] });
    expect(overrun(unread(), unread({ id: 'boot:c1' }))).toMatchObject({ rightCgroup: 2 });
  });

  it('shows what is wrong with them', () => {
    const other = unread({ cgroup: { victim: '/other', from: 'counter' } });
    expect(overrun(kill(1), other).problems).toEqual(['cgroup of 2: /other']);
    const nowhere = unread({ cgroup: { from: 'counter' } });
    expect(overrun(kill(1), nowhere)).toMatchObject({ unknownCgroup: 1, problems: [] });
    expect(overrun(kill(1)).problems).toContain('missed: 2 ("eater")');
    expect(overrun(kill(1), kill(2), unread()).problems).toContain('invented: boot:c2');
    expect(overrun(kill(1), kill(2)).problems).toEqual(['no kill line was overrun']);
  });

  it('lets no other scenario have such kills', () => {
    const handout = right();
    handout.kills[1] = unread();
    expect(problems(handout)).toEqual(['missed: 2 ("eater")', 'invented: boot:c2']);
  });
});

describe('a run', () => {
  const handout = (changes: Partial<Handout> = {}): Handout => ({
    release: '6.1',
    log: Buffer.alloc(0),
    logComplete: true,
    kernelCount: 3,
    notices: [
      { kind: 'source', source: 'native' },
      { kind: 'summary', kills: 2, repeats: 1, lost: 0, forged: 0 },
    ],
    agentStatus: 0,
    scenarios: new Map([['example', right()]]),
    ...changes,
  });

  it('has no problem when the account is even', () => {
    expect(checkRun(handout(), [scenario()], native)).toEqual([]);
  });

  it('shows an account that is not', () => {
    expect(checkRun(handout({ kernelCount: 4 }), [scenario()], native)).toHaveLength(1);
  });

  it('shows records that were lost, and an overrun that did not happen', () => {
    const lost = handout({
      notices: [
        { kind: 'source', source: 'native' },
        { kind: 'summary', kills: 2, repeats: 1, lost: 7, forged: 0 },
      ],
    });
    expect(checkRun(lost, [scenario()], native)).toEqual(['the agent lost 7 records']);
    const overrun = [scenario({ overrun: true })];
    expect(checkRun(lost, overrun, native)).toEqual([]);
    expect(checkRun(handout(), overrun, native)).toEqual(['the agent lost 0 records']);
  });

  it('shows the same id in two scenarios', () => {
    const scenarios = new Map([
      ['example', { ...right(), kills: [kill(1), kill(2, { id: 'boot:1' })] }],
    ]);
    expect(checkRun(handout({ scenarios }), [scenario()], native)).toEqual([
      'two kills have the same id',
    ]);
  });

  it('shows a process that died beside its victim, and that the witness did not tell of', () => {
    const sharing = { ...scenario({ sharers: 1 }), kills: 1 };
    const beside = (changes: Partial<Kill>) => ({
      ...right(),
      kills: [kill(1, changes)],
      kernelCount: 1,
    });
    const told = beside({ sharers: [{ pid: 2, name: 'eater' }] });
    expect(checkScenario(sharing, told)).toMatchObject({ killed: 1, problems: [] });
    expect(problems(beside({}), {})).toContain('missed: 2 ("eater")');
    const untold = new Map([['example', beside({})]]);
    expect(
      checkRun(handout({ scenarios: untold, kernelCount: 1 }), [sharing], {
        ...native,
        witness: 'require',
      }),
    ).toContain('sharers of example: "", not "2"');
  });

  it('shows another reader, a crash, and forged lines that went unnoticed', () => {
    expect(checkRun(handout(), [scenario()], { ...native, source: 'portable' })).toHaveLength(1);
    expect(checkRun(handout({ agentStatus: 139 }), [scenario()], native)).toHaveLength(1);
    expect(checkRun(handout(), [scenario({ forged: true })], native)).toHaveLength(1);
    const witness = { ...native, witness: 'require' } as const;
    expect(checkRun(handout(), [scenario()], witness)).toEqual([
      'a witness in the kernel: false, not true',
    ]);
    const { victim, cgroup, ...lacking } = kill(2);
    const scenarios = new Map([['example', { ...right(), kills: [kill(1), lacking] }]]);
    expect(checkRun(handout({ scenarios }), [scenario()], witness).slice(1)).toEqual(
      ['are of no process', 'are in no cgroup', 'have no limit'].map(
        (what) => `1 kills ${what} in spite of the witness`,
      ),
    );
    expect(checkRun(handout({ notices: [] }), [scenario()], native).length).toBeGreaterThan(1);
  });
});

describe('a name', () => {
  it.each([
    ['74c3a4736be282ac', 'täsk€'],
    ['fffe7f01', '\\xff\\xfe\u007f\u0001'],
    ['6162e282', 'ab\\xe2\\x82'],
    ['efbbbf61', '\ufeffa'],
    ['eda080', '\\xed\\xa0\\x80'],
    ['', ''],
  ])('of bytes %s is %j', (hex, name) => {
    expect(decodeName(Buffer.from(hex, 'hex'))).toBe(name);
  });
});

/** The second kill. */
function replace(kills: Kill[], changes: Partial<Kill>): void {
  kills[1] = kill(2, changes);
}
