import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../packages/kmsg/test/support/temporary.ts';
import { Agent } from '../support/agent.ts';
import { floodKernelLog, newestSeq } from '../support/kernel-log.ts';
import { grant } from '../support/kube/access.ts';
import { realApiServer } from '../support/kube/assets.ts';
import { createNode, createPod, uniqueName } from '../support/kube/objects.ts';
import { sharedApiServer } from '../support/kube/shared.ts';
import { builtAddon, builtBundle, needs, oomKills } from '../support/needs.ts';
import { root } from '../support/paths.ts';
import { cpuMs, residentBytes, wakeUps } from '../support/process-usage.ts';
import { killOne } from '../support/storm.ts';

/** All of the process: of Node's own 126 MB of program, what was touched counts too. */
const maxResidentBytes = 80_000_000;

/** What a quiet node wakes up for comes every ten seconds at the most. */
const idleSeconds = 20;
/** Of all its threads. A count, for a busy machine makes each dearer, but not more of them. */
const maxWakeUpsPerSecond = 5;
/** Whoever writes to the log wakes it. */
const maxWakeUpsPerRecord = 20;
/** When memory is given back is by chance: the best of these counts. */
const attempts = 5;
/** Others' records; with more, an agent has work, and its memory is not that of an idle one. */
const maxRecordsPerSecond = 10;

interface Idle {
  bytes: number;
  isQuiet: boolean;
  wakeUps: number;
  maxWakeUps: number;
  /** Reported, not judged: on a busy machine it says nothing. */
  cpuPercent: number;
}

async function observe(pid: number): Promise<Idle> {
  const before = { wakeUps: wakeUps(pid), seq: newestSeq(), cpuMs: cpuMs(pid) };
  const begunMs = performance.now();
  await sleep(idleSeconds * 1000);
  const seconds = (performance.now() - begunMs) / 1000;
  const records = newestSeq() - before.seq;
  return {
    bytes: residentBytes(pid),
    isQuiet: records <= maxRecordsPerSecond * seconds,
    wakeUps: wakeUps(pid) - before.wakeUps,
    maxWakeUps: maxWakeUpsPerSecond * seconds + maxWakeUpsPerRecord * records,
    cpuPercent: (cpuMs(pid) - before.cpuMs) / (seconds * 10),
  };
}

needs(realApiServer, oomKills, builtAddon, builtBundle).describe(
  'the bundled agent, connected to an API server',
  () => {
    const server = sharedApiServer();
    const installed = mkdtempSync(join(tmpdir(), 'oomwatcher-installed-'));
    afterAll(() => rmSync(installed, { recursive: true }));
    for (const name of ['bin', 'bundle', 'package.json'])
      cpSync(join(root, 'packages/agent', name), join(installed, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));

    /** As npm installs it and the DaemonSet runs it, on the Node of this checkout and beside 30 pods. */
    async function start(): Promise<Agent> {
      const node = uniqueName('node');
      await createNode(server(), node);
      for (let pod = 0; pod < 30; pod++) await createPod(server(), node);
      const { kubeconfig } = await grant(server());
      const state = temporaryFolder();
      return new Agent(
        [
          ...['run', '--json', '--from=boot', `--state-dir=${state}`, '--listen=127.0.0.1:0'],
          ...[`--kubeconfig=${kubeconfig}`, `--node-name=${node}`],
        ],
        {
          command: join(installed, 'bin/oomwatcher.cjs'),
          env: { PATH: `${dirname(process.execPath)}:${process.env.PATH}` },
        },
      );
    }

    it('reports a kill that came before its start', async () => {
      const { pid } = await killOne({ comm: 'cold-start' });
      await using agent = await start();
      const line = await agent.until('reports the kill', () =>
        agent.stdout.find(({ text }) => text.includes(`"pid":${pid}`)),
      );
      const tookMs = (line.atMonotonicUs - agent.startedAtMonotonicUs) / 1000;
      console.log(`start to first kill reported: ${Math.round(tookMs)} ms`);
    });

    it(`is below ${maxResidentBytes / 1e6} MB and hardly wakes up when nothing happens`, async () => {
      // What a storm of other tests has left in the log is work for a start, and what it leaves is not idle.
      floodKernelLog(4_000);
      const seen: Idle[] = [];
      for (let attempt = 0; attempt < attempts; attempt++) {
        await using agent = await start();
        await agent.until('is watching', () => agent.notices('watching')[0]);
        // It is idle ten seconds after the last thing that happened.
        await sleep(12_000);
        const idle = await observe(agent.pid);
        seen.push(idle);
        const isSmall = idle.isQuiet && idle.bytes <= maxResidentBytes;
        if (isSmall && idle.wakeUps < idle.maxWakeUps) break;
      }
      console.log(`idle: ${JSON.stringify(seen)}`);
      const quiet = seen.filter(({ isQuiet }) => isQuiet);
      if (quiet.length === 0) console.log('others wrote to the log: its memory is not judged');
      else
        expect(Math.min(...quiet.map(({ bytes }) => bytes))).toBeLessThanOrEqual(maxResidentBytes);
      expect(seen.some(({ wakeUps, maxWakeUps }) => wakeUps < maxWakeUps)).toBe(true);
    });
  },
);
