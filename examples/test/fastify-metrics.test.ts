import { runStorm } from '@oomwatcher/test/storm';
import { expect, it } from 'vitest';
import { builtAgent, needs, oomKills } from '../../test/support/needs.ts';
import { killReported, kubeletCgroup } from '../../test/support/storm.ts';
import { Program } from './program.ts';

async function startApp(env: Record<string, string> = {}) {
  const program = new Program('fastify-metrics.mts', { PORT: '0', ...env });
  const address = () => /Server listening at (http:[^"]+)/.exec(program.stdout)?.[1];
  await expect.poll(address).toBeDefined();
  const get = async (path: string) => (await fetch(`${address()}${path}`)).text();
  return Object.assign(program, { get });
}

needs(builtAgent).it(
  'an app that may not read the log runs, and says that it does not count',
  async () => {
    await using app = await startApp({ OOMWATCHER_SOURCE: 'neither' });
    expect(await app.get('/')).toBe('hello\n');
    expect(await app.get('/metrics')).toMatch(/^oom_watch_up 0$/m);
    expect(app.stdout).toContain('OOM kills are not counted');
  },
);

needs(builtAgent, oomKills).describe('the metrics inside a Fastify app', () => {
  it('count each kill with its pod, or its unit', async () => {
    await using app = await startApp();
    await expect.poll(() => app.get('/metrics')).toMatch(/^oom_watch_up 1$/m);
    const { path, podUid } = kubeletCgroup();
    const unit = `fastify-${process.pid}.service`;
    // A kill whose report the kernel withholds, because others were killed before, may have no place.
    await killReported({ cgroups: [path] });
    await killReported({ cgroups: [`/${unit}`] });
    for (const workload of [`pod/${podUid}`, unit]) {
      await expect
        .poll(() => app.get('/metrics'))
        .toMatch(new RegExp(`^oom_kills_total\\{workload="${workload}"\\} [1-9]`, 'm'));
    }
  });

  it('keep the series of a hundred workloads, and fold the rest', async () => {
    await using app = await startApp();
    await expect.poll(() => app.get('/metrics')).toMatch(/^oom_watch_up 1$/m);
    const paths = Array.from({ length: 110 }, (_, at) => `/fold-${process.pid}-${at}.service`);
    await runStorm({ kills: 110, cgroups: paths, parallel: 4 });
    const all = async () => [
      ...(await app.get('/metrics')).matchAll(/^oom_kills_total\{.*\} (\d+)$/gm),
    ];
    const workloads = async () =>
      new Set((await all()).map(([line]) => /workload="([^"]+)"/.exec(line)?.[1]));
    await expect.poll(async () => (await workloads()).size).toBe(101);
    expect(await workloads()).toContain('other');
  });

  it('end with the app', async () => {
    await using app = await startApp();
    await expect.poll(() => app.get('/metrics')).toMatch(/^oom_watch_up 1$/m);
    expect(await app.end('SIGTERM')).toBe(0);
  });
});
