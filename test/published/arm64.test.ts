import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { Agent } from '../support/agent.ts';
import { arm64Tools, builtBundle, needs, nodeRegistry, oomKills } from '../support/needs.ts';
import { nodeFolder } from '../support/node-versions.ts';
import { root } from '../support/paths.ts';
import { prebuildAddon } from '../support/prebuild.ts';
import { killReported } from '../support/storm.ts';

const native = join(root, 'native');
/** The emulator, with the C and C++ libraries that come with Debian's compiler. */
const emulator = ['qemu-aarch64', '-L', '/usr/aarch64-linux-gnu'];
const crossCompiler = { CXX: 'aarch64-linux-gnu-g++' };
/** Not the one that was built for this machine. */
const prebuiltOnly = { PREBUILDS_ONLY: '1' };

/**
 * The emulator's reads and writes are in this machine's order, which is stricter than that of arm64: that the threads'
 * order is right, TSan says (native/test).
 */
needs(builtBundle, arm64Tools, nodeRegistry, oomKills).describe('on arm64', () => {
  let node: string[];
  beforeAll(() => {
    node = [...emulator, join(nodeFolder('24', 'arm64'), 'node')];
    prebuildAddon(crossCompiler);
  });

  it('the addon that is published reads the kernel’s log', () => {
    expect(run([...node, 'prebuild/try.js'])).toMatch(
      /^read [1-9]\d* rows of the kernel's log on linux-arm64$/m,
    );
  });

  it('the agent reports a kill through it', async () => {
    await using agent = await Agent.watching(['watch', '--json', '--source', 'native'], {
      wrapper: node,
      command: join(root, 'packages/agent/bundle/main.js'),
      env: prebuiltOnly,
    });
    const { pid, cgroup } = await killReported({ comm: 'on-arm64' });
    const kill = await agent.until('reports the kill', () => agent.killOf(pid));
    expect(kill).toMatchObject({ victim: { name: 'on-arm64' }, cgroup: { victim: cgroup } });
  });

  it('the tests below the glue pass', () => {
    const out = '../build/test-arm64';
    const unit = `${out}/plain/unit`;
    execFileSync('make', ['-s', '-j2', '-C', 'test', `OUT=${out}`, unit], {
      cwd: native,
      env: { ...process.env, ...crossCompiler },
      stdio: 'pipe',
    });
    // The emulator has no bpf(2): what the running kernel takes is tested without it.
    const printed = run([...emulator, join('test', unit), 'arm64'], { OOMWATCHER_REQUIRE_ALL: '' });
    expect(printed).toContain(' 0 failed');
  });
});

function run([program = '', ...args]: string[], env: NodeJS.ProcessEnv = {}): string {
  return execFileSync(program, args, {
    cwd: native,
    env: { ...process.env, ...prebuiltOnly, ...env },
    encoding: 'utf8',
  });
}
