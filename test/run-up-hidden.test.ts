import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { Growing } from './support/growing.ts';
import { builtAddon, builtAgent, limitedCgroup, needs, privateMounts } from './support/needs.ts';
import { root } from './support/paths.ts';
import { ownPids } from './support/surroundings.ts';

const watcher = join(root, 'packages/watcher/dist/index.js');

/** Prints what a recorder has of a cgroup near its limit. */
const script = `
  const { FlightRecorder } = await import(${JSON.stringify(watcher)});
  const { recorder, reason } = FlightRecorder.open();
  if (recorder === undefined) throw new Error(reason);
  const seen = () => recorder.closeToLimit(0.8, 1000).find(({ path }) => path === process.argv[1]);
  while (seen() === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
  console.log(JSON.stringify(seen()));
  recorder.close();
`;

async function recorded(wrapper: string[], path: string) {
  const [program = '', ...args] = [...wrapper, process.execPath, '--input-type=module', '-e'];
  const { stdout } = await promisify(execFile)(program, [...args, script, path]);
  return JSON.parse(stdout);
}

needs(builtAgent, builtAddon, limitedCgroup, privateMounts).it(
  'who does not see the processes of others samples their cgroups all the same',
  async () => {
    await using full = new Growing({
      name: 'full',
      kind: 'anon',
      steps: [
        [0, 58 * 1024],
        [600_000, 0],
      ],
    });
    const here = await recorded([], full.path);
    expect(here.samples.at(-1).processes).toEqual([
      expect.objectContaining({ pid: full.pid, comm: 'full' }),
    ]);
    const hidden = await recorded(ownPids, full.path);
    expect(hidden.samples.at(-1).usageKiB).toBeGreaterThan(50 * 1024);
    expect(hidden.samples.at(-1)).not.toHaveProperty('processes');
  },
);
