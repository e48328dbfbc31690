import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../packages/kmsg/test/support/temporary.ts';
import { builtAgent, needs } from '../support/needs.ts';
import { command, root } from '../support/paths.ts';

/** No other system runs here: Node is made to believe that it is on one, and Linux's files are hidden from it. */
const elsewhere: NodeJS.ProcessEnv = {
  ...process.env,
  FORCE_COLOR: '0',
  NODE_OPTIONS: `--require ${JSON.stringify(join(root, 'test/support/other-system.cjs'))}`,
};

function run(...args: string[]) {
  return spawnSync(command, args, { encoding: 'utf8', env: elsewhere, maxBuffer: 2 ** 26 });
}

needs(builtAgent).describe('on a system that is not Linux', () => {
  it('captured logs are explained', () => {
    const capture = join(root, 'packages/agent/recordings/storm.kmsg');
    const { status, stdout, stderr } = run('parse', capture);
    expect(status, stderr).toBe(0);
    expect(stdout.match(/^OOM kill/gm)).toHaveLength(60);
  });

  it('the demo plays the recorded storm, and says why', () => {
    const { status, stdout, stderr } = run('demo');
    expect(status, stderr).toBe(0);
    expect(stderr.split('\n')[0]).toMatch(
      /this is darwin, and only Linux has \/dev\/kmsg.*recorded on/,
    );
    expect(stdout.match(/OOM kill/g)).toHaveLength(60);
  });

  it.each(['run', 'watch'])(
    '%s fails in one sentence with 3: what watches nothing must not look alive',
    (name) => {
      const { status, stdout, stderr } = run(name);
      expect(stderr).toMatch(/^oomwatcher: this is darwin.*oomwatcher demo.*\n$/);
      expect(stdout).toBe('');
      expect(status).toBe(3);
    },
  );

  it('the build leaves the addon out, with a sentence', () => {
    const native = join(temporaryFolder(), 'native');
    mkdirSync(native);
    for (const name of ['build.sh', 'node-headers.sh', 'package.json', 'src'])
      cpSync(join(root, 'native', name), join(native, name), { recursive: true });
    const { OOMWATCHER_REQUIRE_ALL: _, ...env } = elsewhere;
    const { status, stdout } = spawnSync('sh', [join(native, 'build.sh')], {
      encoding: 'utf8',
      env,
    });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^native: this is darwin, .* the addon is not built/);
    expect(existsSync(join(native, 'build'))).toBe(false);
  });
});
