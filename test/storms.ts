/**
 * Measures how many kills of a storm get their cgroup: `node test/storms.ts [--storms 5] [--kills 200] [--cgroups 6]
 * [--parallel 8] [--busy 2] [--source native|portable] [--agent PATH ...]`.
 *
 * Several agents (other checkouts' packages/agent/bin/oomwatcher.cjs) take turns, a storm each, so that what the machine does
 * meanwhile befalls all of them alike. Each storm is read by a fresh agent; the truth is what wait(2) and the kernel's
 * counters say.
 */
import { parseArgs } from 'node:util';
import { accountBegins } from './support/account-begins.ts';
import { Agent } from './support/agent.ts';
import { command } from './support/paths.ts';
import { busyLoops } from './support/programs.ts';
import { type Score, score } from './support/score.ts';
import { runStorm } from './support/storm.ts';

const { values } = parseArgs({
  options: {
    storms: { type: 'string', default: '5' },
    kills: { type: 'string', default: '200' },
    cgroups: { type: 'string', default: '6' },
    parallel: { type: 'string', default: '8' },
    busy: { type: 'string', default: '2' },
    source: { type: 'string', default: 'native' },
    agent: { type: 'string', multiple: true, default: [command] },
  },
});

type StormScore = Score & { stormMs: number };

async function measure(program: string): Promise<StormScore> {
  const source = values.source as 'native' | 'portable';
  await using agent = await Agent.watching(['watch', '--json'], { source, command: program });
  await accountBegins(agent.pid);
  const startMs = performance.now();
  const truth = await runStorm({
    kills: Number(values.kills),
    cgroups: Number(values.cgroups),
    parallel: Number(values.parallel),
    comm: 'turn-%i',
  });
  const stormMs = performance.now() - startMs;
  await agent
    .until(
      'prints every kill',
      () => agent.kills('turn').length >= truth.children.length || undefined,
    )
    .catch((error: Error) => console.error(error.message));
  await agent.stop();
  return { ...score(agent, agent.kills('turn'), truth), stormMs };
}

await using _busy = busyLoops(Number(values.busy));
const scores = new Map<string, StormScore[]>(values.agent.map((program) => [program, []]));
for (let storm = 0; storm < Number(values.storms); storm++) {
  for (const [program, list] of scores) {
    const result = await measure(program);
    list.push(result);
    console.log(JSON.stringify({ storm, program, ...result, stormMs: Math.round(result.stormMs) }));
  }
}
const sum = (list: StormScore[], of: keyof StormScore) =>
  list.reduce((total, result) => total + result[of], 0);
for (const [program, list] of scores) {
  const reported = sum(list, 'reported');
  const placed = sum(list, 'placed');
  const percent = ((100 * placed) / (Number(values.kills) * list.length)).toFixed(1);
  console.log(
    `${program}: ${reported} of ${Number(values.kills) * list.length} reported, ${placed} placed (${percent} %: ` +
      `log ${sum(list, 'byLog')}, /proc ${sum(list, 'byProc')}, counters ${sum(list, 'byCounter')}), ` +
      `${sum(list, 'wrong')} wrong, unaccounted ${sum(list, 'unaccounted')}, lost ${sum(list, 'lost')}`,
  );
}
