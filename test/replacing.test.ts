import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { floodKernelLog, newestSeq, oldestSeq, writeKernelLog } from './support/kernel-log.ts';
import { kubectl, kubectlProgram } from './support/kube/assets.ts';
import { builtAgent, installed, needs, oomKills, prometheus } from './support/needs.ts';
import { codeIn, compileCode } from './support/page-code.ts';
import { command, root } from './support/paths.ts';
import { killOne } from './support/storm.ts';

const page = readFileSync(join(root, 'docs/replacing.md'), 'utf8');
const [loop = '', dmesg = '', journalctl = ''] = codeIn(page, 'js');
const [overlay = '', rules = ''] = codeIn(page, 'yaml');

/** A program of the page while it runs. */
function start(args: string[], env: Record<string, string> = {}) {
  const child: ChildProcess = spawn(process.execPath, args, { env: { ...process.env, ...env } });
  const program = { child, stdout: '', stderr: '', exited: once(child, 'close') };
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    program.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    program.stderr += text;
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await program.exited;
  });
  return program;
}

const before = (source: string) => start(['--input-type=module', '--eval', source]);

function readsLog({ pid }: ChildProcess): boolean {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).some((fd) => linkOf(join(folder, fd)) === '/dev/kmsg');
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    // Closed meanwhile.
    return undefined;
  }
}

/** Kills until one is told of by all: they say nothing of when they have begun to watch. */
async function killUntilTold(...programs: { stdout: string }[]): Promise<void> {
  const isTold = async () => {
    const { pid } = await killOne({ comm: 'replaced' });
    const line = new RegExp(`(^replaced|name: 'replaced',\\s+pid:) ${pid}\\b`, 'm');
    const all = () => programs.every(({ stdout }) => line.test(stdout));
    for (let waits = 0; waits < 20 && !all(); waits++)
      await new Promise((go) => setTimeout(go, 50));
    return all();
  };
  await expect.poll(isTold).toBe(true);
}

needs(builtAgent, oomKills).describe('what a program becomes', () => {
  const [watchCode = '', stdinCode = '', journalCode = ''] = compileCode(
    'replacing',
    codeIn(page, 'ts'),
  );

  it('believes no forged kill and outlives an overrun, which ends the loop before', async () => {
    const [old, now] = [before(loop), start([watchCode])];
    await killUntilTold(now);
    // It may have ended already: it begins with the oldest record, and one that is written then takes that away.
    await expect.poll(() => old.child.exitCode !== null || readsLog(old.child)).toBe(true);
    writeKernelLog('<3>Out of memory: Killed process 4194304 (forged) total-vm:1kB');
    for (const { child } of [old, now]) child.kill('SIGSTOP');
    const newest = newestSeq();
    while (oldestSeq() <= newest) floodKernelLog(1000);
    for (const { child } of [old, now]) child.kill('SIGCONT');
    await killUntilTold(now);
    expect(now.stdout).not.toContain('forged');
    await old.exited;
    expect(old.stderr).toContain('EPIPE');
  });

  needs(installed('dmesg', 'dmesg(1)')).it('sees what the child dmesg -w did', async () => {
    const now = start([watchCode]);
    await killUntilTold(before(dmesg), now);
    const text = execFileSync('dmesg', { maxBuffer: 2 ** 26 });
    const understood = spawnSync(process.execPath, [stdinCode], { input: text, encoding: 'utf8' });
    expect(understood.stdout, understood.stderr).toContain("name: 'replaced'");
    const parsed = spawnSync(command, ['parse', '-'], { input: text, encoding: 'utf8' });
    expect(parsed.stdout).toContain('replaced');
  });

  it('reads journalctl’s JSON', () => {
    const fixtures = join(root, 'packages/logs/test/formats/fixtures');
    const folder = temporaryFolder();
    const fake = join(folder, 'journalctl');
    writeFileSync(fake, `#!/bin/sh\nexec cat ${fixtures}/6.18-hostile-name.journal-json.txt\n`);
    chmodSync(fake, 0o755);
    const { stdout, stderr } = spawnSync(process.execPath, [journalCode], {
      env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
      encoding: 'utf8',
    });
    expect(stdout, stderr).toContain("time: '2026-11-23T19:55:13.119813Z'");
    expect(stdout.match(/ name: .*/)?.[0]).toMatch(/^ name: 'a\\nb/);
  });
});

describe('the page about replacing something', () => {
  it('has code of before that is code', () => {
    const options = ['--check', '--input-type=commonjs', '-'];
    expect(spawnSync(process.execPath, options, { input: journalctl }).status).toBe(0);
  });

  it('names only metrics that are there, with their labels', () => {
    const metrics = readFileSync(join(root, 'docs/metrics.md'), 'utf8');
    const labels = new Map(
      [...metrics.matchAll(/^\| `(\w+)` \| \w+ \| ([^|]*)\|/gm)].map(([, name, list = '']) => [
        name,
        [...list.matchAll(/`(\w+)`/g)].map(([, label]) => label),
      ]),
    );
    const named = [
      ...page.matchAll(/\b(oomwatcher_\w+|container_oom_events_total|problem_counter)\b/g),
    ];
    expect(named.length).toBeGreaterThan(10);
    expect(named.map(([, name]) => name).filter((name) => !labels.has(name))).toEqual([]);
    const withLabels = [
      ...page.matchAll(
        /`(oomwatcher_oom_kills_total|container_oom_events_total)` with ((?:`\w+`,? ?)+)/g,
      ),
    ];
    expect(withLabels.length).toBeGreaterThan(2);
    for (const [, name, list = ''] of withLabels) {
      const said = [...list.matchAll(/`(\w+)`/g)].map(([, label]) => label);
      expect(labels.get(name), name).toEqual(expect.arrayContaining(said));
    }
  });

  needs(builtAgent).it('names only options that are there', () => {
    const help = ['run', 'watch'].map((name) =>
      execFileSync(command, [name, '--help'], { encoding: 'utf8' }),
    );
    const named = [...page.matchAll(/(?<![\w-])(--[a-z-]{3,})/g)].map(
      ([, option]) => option as string,
    );
    const others = ['--field-selector', '--follow', '--dmesg', '--output', '--global'];
    const ours = new Set(named.filter((option) => !others.includes(option)));
    expect(ours.size).toBeGreaterThan(3);
    expect([...ours].filter((option) => !help.join('').includes(option))).toEqual([]);
  });

  needs(kubectl).it('has an overlay that can be applied', () => {
    const folder = temporaryFolder();
    symlinkSync(root, join(folder, 'oomWatcher'));
    mkdirSync(join(folder, 'mine'));
    writeFileSync(join(folder, 'mine/kustomization.yaml'), overlay);
    const args = ['kustomize', join(folder, 'mine')];
    const objects = execFileSync(kubectlProgram, args, { encoding: 'utf8', stdio: 'pipe' });
    expect(objects).toContain('image: registry.example.org/oomwatcher:0.1.0');
    expect(objects).toContain('--compat-metrics');
  });

  needs(prometheus).it('has rules and queries that say of kills what those of before said', () => {
    const folder = temporaryFolder();
    const queries = [...page.matchAll(/`(sum[^`]+)`/g)].map(([, query]) => query as string);
    expect(queries).toHaveLength(4);
    writeFileSync(join(folder, 'rules.yaml'), rules);
    const series = '{namespace="shop",pod="web",container="app",scope="container",instance="n1"}';
    const test = {
      rule_files: ['rules.yaml'],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: [
            { series: `oomwatcher_oom_kills_total${series}`, values: '0 1 2 3 4 5 5 5 5 5 5' },
            {
              series: 'container_oom_events_total{namespace="shop",pod="web",container="app"}',
              values: '0 1 2 3 4 5 5 5 5 5 5',
            },
          ],
          promql_expr_test: [
            {
              expr: 'klog_pod_oomkill',
              eval_time: '9m',
              exp_samples: [
                {
                  labels:
                    'klog_pod_oomkill{container_name="app",instance="n1",namespace="shop",pod_name="web"}',
                  value: 5,
                },
              ],
            },
            ...queries.map((expr) => ({
              expr: `count(${expr})`,
              eval_time: '9m',
              exp_samples: [{ labels: '{}', value: 1 }],
            })),
          ],
        },
      ],
    };
    writeFileSync(join(folder, 'test.yaml'), JSON.stringify(test));
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', 'test.yaml'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(status, stdout + stderr).toBe(0);
  });
});
