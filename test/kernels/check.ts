import type { Kill } from '@oomwatcher/oom';
import { decodeName } from './decode.ts';
import type { Death, Handout, ScenarioHandout } from './handout.ts';
import type { Tried } from './initramfs.ts';
import type { Expected, Scenario } from './scenario.ts';

export interface ScenarioResult {
  scenario: string;
  what: string;
  /** Processes that wait(2) saw die of the OOM killer. */
  killed: number;
  reported: number;
  rightCgroup: number;
  unknownCgroup: number;
  wrongCgroup: number;
  /** Kills that name the cgroup whose limit was hit. */
  limits: number;
  /** Second kill lines of a group's first victim: counted by the kernel, not reported. */
  repeats: number;
  /** One sentence each; none: the agent was right. */
  problems: string[];
}

const sigkill = 9;

export function checkScenario(scenario: Scenario, handout: ScenarioHandout): ScenarioResult {
  const { truth, kills, kernelCount } = handout;
  const sharers = sharersIn(handout, scenario);
  const deaths = truth.filter((death) => death.signal === sigkill && !sharers.includes(death));
  const repeats = kernelCount - kills.length;
  const reported = pair(deaths, kills, scenario.expected?.overrun);
  const problems = [
    ...checkScript(scenario, handout, deaths),
    ...checkPids(deaths, kills, reported),
    ...differ('deaths without a line', sharers.length, scenario.expected?.sharers ?? 0),
    ...checkGroup(kills, repeats, scenario.expected?.groupSize),
    ...when(
      scenario.expected?.overrun === true && kills.every(({ seq }) => seq !== undefined),
      'no kill line was overrun',
    ),
  ];
  const cgroups = { right: 0, unknown: 0, wrong: 0 };
  for (const [death, kill] of reported) {
    problems.push(...checkKill(death, kill, scenario.expected ?? {}));
    cgroups[judgeCgroup(death, kill)]++;
  }
  return {
    scenario: scenario.name,
    what: scenario.what,
    killed: deaths.length,
    reported: kills.length,
    rightCgroup: cgroups.right,
    unknownCgroup: cgroups.unknown,
    wrongCgroup: cgroups.wrong,
    limits: kills.filter(({ cgroup }) => cgroup?.limit !== undefined).length,
    repeats,
    problems,
  };
}

/** Who died because it shared a victim's memory: where that is so, whom no kill names as its victim. */
function sharersIn({ truth, kills }: ScenarioHandout, { expected }: Scenario): Death[] {
  if (expected?.sharers === undefined) return [];
  return truth.filter(({ pid }) => kills.every(({ victim }) => victim?.pid !== pid));
}

/** Which kill is which death: by pid; one without a victim, where there may be such, of any in its cgroup. */
function pair(deaths: Death[], kills: Kill[], overrun = false): Map<Death, Kill> {
  const reported = new Map<Death, Kill>();
  for (const death of deaths) {
    const kill = kills.find(({ victim }) => victim?.pid === death.pid);
    if (kill !== undefined) reported.set(death, kill);
  }
  if (!overrun) return reported;
  const unread = kills.filter(({ victim }) => victim === undefined);
  for (const kill of unread) {
    const unreported = deaths.filter((death) => !reported.has(death));
    const death = unreported.find((any) => judgeCgroup(any, kill) === 'right') ?? unreported[0];
    if (death !== undefined) reported.set(death, kill);
  }
  return reported;
}

/** What no single scenario shows: nothing reported twice, and the account over the whole run. */
export function checkRun(
  handout: Handout,
  scenarios: Scenario[],
  { source, witness }: Tried,
): string[] {
  const { notices, agentStatus, kernelCount } = handout;
  const kills = [...handout.scenarios.values()].flatMap((scenario) => scenario.kills);
  const summary = notices.find(({ kind }) => kind === 'summary');
  const repeats = Number(summary?.repeats);
  const forged = notices.some(({ kind }) => kind === 'forged');
  const expectsForged = scenarios.some(({ expected }) => expected?.forged === true);
  const expectsLoss = scenarios.some(({ expected }) => expected?.overrun === true);
  const reader = notices.find(({ kind }) => kind === 'source')?.source;
  const live = notices.some((notice) => notice.kind === 'witness' && notice.live === true);
  return [
    ...differ('reader', reader, source),
    ...differ('a witness in the kernel', live, witness === 'require'),
    ...(witness === 'require'
      ? [...checkWitnessed(kills), ...scenarios.flatMap((each) => checkSharers(handout, each))]
      : []),
    ...when(new Set(kills.map(({ id }) => id)).size < kills.length, 'two kills have the same id'),
    ...when(agentStatus !== 0, `the agent ended with status ${agentStatus}`),
    ...when(
      summary?.kills !== kills.length,
      `the agent’s summary says ${summary?.kills} kills, it reported ${kills.length}`,
    ),
    ...when(Number(summary?.lost) > 0 !== expectsLoss, `the agent lost ${summary?.lost} records`),
    ...when(
      kernelCount !== kills.length + repeats,
      `the kernel counted ${kernelCount} kills, the agent ${kills.length} and ${repeats} repeats`,
    ),
    ...when(forged !== expectsForged, `forged kill lines were ${forged ? 'seen' : 'missed'}`),
  ];
}

/** What is never missing where the kernel tells its kills itself and lets oom_kill_process be traced. */
function checkWitnessed(kills: Kill[]): string[] {
  const count = (lacks: (kill: Kill) => boolean) => kills.filter(lacks).length;
  const [nameless, unplaced, unlimited] = [
    count(({ victim }) => victim === undefined),
    count(({ cgroup }) => cgroup?.victim === undefined),
    count(({ cgroup, scope }) => scope !== 'node' && cgroup?.limit === undefined),
  ];
  const despite = 'in spite of the witness';
  return [
    ...when(nameless > 0, `${nameless} kills are of no process ${despite}`),
    ...when(unplaced > 0, `${unplaced} kills are in no cgroup ${despite}`),
    ...when(unlimited > 0, `${unlimited} kills have no limit ${despite}`),
  ];
}

function checkSharers({ scenarios }: Handout, scenario: Scenario): string[] {
  const handout = scenarios.get(scenario.name);
  if (handout === undefined) return [];
  const told = handout.kills.flatMap(({ sharers = [] }) => sharers.map(({ pid }) => pid));
  const died = sharersIn(handout, scenario).map(({ pid }) => pid);
  return differ(`sharers of ${scenario.name}`, told.sort().join(), died.sort().join());
}

function checkScript(scenario: Scenario, handout: ScenarioHandout, deaths: Death[]): string[] {
  const { status, stderr } = handout;
  return [
    ...when(status !== 0, `the scenario itself failed (status ${status}): ${stderr}`),
    ...when(
      deaths.length !== scenario.kills,
      `${deaths.length} processes died, not ${scenario.kills}`,
    ),
  ];
}

function checkPids(deaths: Death[], kills: Kill[], reported: Map<Death, Kill>): string[] {
  const meant = new Set(reported.values());
  const pids = kills.flatMap(({ victim }) => victim?.pid ?? []);
  return [
    ...deaths
      .filter((death) => !reported.has(death))
      .map(({ pid, comm }) => `missed: ${pid} (${JSON.stringify(comm)})`),
    ...kills
      .filter((kill) => !meant.has(kill) && !deaths.some(({ pid }) => pid === kill.victim?.pid))
      .map(({ victim, id }) => `invented: ${victim?.pid ?? id}`),
    ...pids.filter((pid, at) => pids.indexOf(pid) !== at).map((pid) => `reported twice: ${pid}`),
  ];
}

function checkGroup(kills: Kill[], repeats: number, groupSize: number | undefined): string[] {
  const groups = new Set(kills.map(({ group }) => group?.id));
  const sizes = new Set(kills.map(({ group }) => group?.size));
  if (groupSize === undefined)
    return [
      ...when(repeats !== 0, `the kernel counted ${repeats} more than were reported`),
      ...when(
        kills.some(({ group }) => group !== undefined),
        'a group where there was none',
      ),
    ];
  return [
    // The kernel logs and counts a group's first victim twice, unless it is quicker to die.
    ...when(repeats < 0 || repeats > 1, `the kernel counted ${repeats} more than were reported`),
    ...when(groups.size !== 1, `${groups.size} incidents, not one`),
    ...when(
      sizes.size !== 1 || !sizes.has(groupSize),
      `group sizes ${[...sizes]}, not ${groupSize}`,
    ),
  ];
}

function checkKill(death: Death, kill: Kill, expected: Expected): string[] {
  const name = decodeName(Buffer.from(death.commHex, 'hex'));
  const limit = expected.limitCgroup ?? (death.limitCgroup && decodeLatin1(death.limitCgroup));
  const { victim, cgroup, scope } = kill;
  const of = `of ${death.pid}`;
  return [
    ...(victim === undefined ? [] : differ(`name ${of}`, victim.name, name)),
    ...when(judgeCgroup(death, kill) === 'wrong', `cgroup ${of}: ${shorten(cgroup?.victim)}`),
    ...when(
      cgroup?.limit !== undefined && cgroup.limit !== limit,
      `limit ${of}: ${shorten(cgroup?.limit)}`,
    ),
    ...(scope === undefined || expected.scope === undefined
      ? []
      : differ(`scope ${of}`, scope, expected.scope)),
    ...(victim?.mainProcess === undefined || expected.mainProcess === undefined
      ? []
      : differ(`mainProcess ${of}`, victim.mainProcess, expected.mainProcess)),
    ...(expected.whole ? checkWhole(kill, of) : []),
  ];
}

function checkWhole(kill: Kill, of: string): string[] {
  return [
    ...when(!kill.complete, `the report ${of} was whole, but complete is false`),
    ...when(
      kill.cgroup?.victim === undefined,
      `the report ${of} was whole, but its cgroup is missing`,
    ),
    ...when(kill.scope === undefined, `the report ${of} was whole, but its scope is missing`),
  ];
}

function judgeCgroup(death: Death, kill: Kill): 'right' | 'unknown' | 'wrong' {
  const path = kill.cgroup?.victim;
  if (path === undefined) return 'unknown';
  return path === decodeLatin1(death.cgroup) ? 'right' : 'wrong';
}

function decodeLatin1(text: string): string {
  return decodeName(Buffer.from(text, 'latin1'));
}

function shorten(path = ''): string {
  return path.length <= 120
    ? path
    : `${path.slice(0, 60)}…${path.slice(-60)} (${path.length} characters)`;
}

function differ(what: string, actual: unknown, expected: unknown): string[] {
  return when(
    actual !== expected,
    `${what}: ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`,
  );
}

function when(condition: boolean, problem: string): string[] {
  return condition ? [problem] : [];
}
