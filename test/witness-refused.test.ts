import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { Agent } from './support/agent.ts';
import { bpffs } from './support/bpffs.ts';
import {
  builtAddon,
  builtAgent,
  kernelLog,
  kernelWitness,
  mounts,
  needs,
} from './support/needs.ts';
import { command, root } from './support/paths.ts';
import { mounted } from './support/surroundings.ts';

const exitNotAllowed = 3;

/** Hides what the kernel says of its types. */
const withoutBtf = mounted('mount -t tmpfs tmpfs /sys/kernel/btf');

/** Before 5.11 maps and programs count as locked memory; later they are charged to the loader's memory cgroup. */
const [major = 0, minor = 0] = release().split('.').map(Number);
const memoryIsCharged = major > 5 || (major === 5 && minor >= 11);

const run = ['watch', '--json', '--witness', 'auto'];

needs(builtAgent, builtAddon, kernelLog, kernelWitness, mounts).describe('a witness', () => {
  const { it } = needs();

  it('that is refused for a capability, by seccomp, or for want of BTF, is one sentence, and work goes on', async () => {
    for (const [wrapper, word] of [
      [['setpriv', '--bounding-set=-bpf,-perfmon,-sys_admin'], 'CAP_BPF'],
      [['setpriv', '--bounding-set=-perfmon,-sys_admin'], 'CAP_PERFMON'],
      [['python3', join(root, 'test/support/without-bpf.py')], 'a seccomp filter forbids bpf(2)'],
      [withoutBtf, 'CONFIG_DEBUG_INFO_BTF'],
    ] as const) {
      await using agent = await Agent.watching(run, { wrapper: [...wrapper] });
      const [notice, ...more] = agent.notices('witness');
      expect(more).toEqual([]);
      expect(notice).toMatchObject({ live: false, reason: expect.stringContaining(word) });
    }
  });

  it('that a loader was refused is so for the agent that it becomes, for the same reason', async () => {
    const loader = ['witness', 'load', '--or-without', '--', command, ...run];
    await using agent = await Agent.watching(loader, { wrapper: withoutBtf });
    expect(agent.notices('witness')).toMatchObject([
      { live: false, reason: expect.stringContaining('CONFIG_DEBUG_INFO_BTF') },
    ]);
  });

  it('that must be had is no start without it', async () => {
    for (const args of [
      ['witness', 'load'],
      ['watch', '--witness', 'require'],
    ]) {
      await using agent = new Agent(args, { wrapper: withoutBtf });
      expect((await agent.exited).code).not.toBe(0);
      expect(agent.stderr.at(-1)?.text).toContain('CONFIG_DEBUG_INFO_BTF');
    }
    // Loaded, and nothing that would keep it.
    await using agent = new Agent(['witness', 'load', '--witness-pins', '/tmp/none']);
    expect((await agent.exited).code).toBe(exitNotAllowed);
  });

  it('has memory for its maps whatever may be locked: since Linux 5.11 it is not counted', async () => {
    const wrapper = ['prlimit', '--memlock=65536', 'setpriv', '--bounding-set=-sys_resource'];
    await using agent = await Agent.watching(run, { wrapper });
    expect(agent.notices('witness')).toMatchObject([{ live: memoryIsCharged }]);
  });

  it('whose pins are not its own leaves them as they are, says so and lives as long as its agent', async () => {
    const mounted = bpffs();
    const foreign = join(mounted, 'foreign');
    mkdirSync(foreign);
    chownSync(foreign, 65534, 65534);
    const other = join(mounted, 'other');
    mkdirSync(join(other, 'of-another-program'), { recursive: true });
    for (const [pins, word] of [
      [foreign, 'belongs to user 65534'],
      [other, 'holds pins of another program'],
    ] as const) {
      await using agent = await Agent.watching([
        ...['run', '--json', '--listen', 'none', '--state-dir', temporaryFolder()],
        ...['--witness', 'auto', '--witness-pins', pins],
      ]);
      expect(agent.notices('witness')).toMatchObject([
        { live: true, reason: expect.stringContaining(word) },
      ]);
    }
    expect(statSync(foreign).uid).toBe(65534);
    expect(existsSync(join(other, 'of-another-program'))).toBe(true);
  });

  it('that waits for another agent, or for want of a BPF file system only lives as long as its own', async () => {
    const pins = join(bpffs(), 'agent');
    const state = temporaryFolder();
    const agentAt = (name: string, folder: string) =>
      Agent.watching([
        ...['run', '--json', '--listen', 'none', '--witness', 'require'],
        ...['--state-dir', join(state, name), '--witness-pins', folder],
      ]);
    await using first = await agentAt('first', pins);
    await using second = await agentAt('second', pins);
    await using third = await agentAt('third', join(state, 'pins'));
    const reasonOf = (agent: Agent) => agent.notices('witness')[0]?.reason;
    expect(reasonOf(first)).toBe('a program sees each kill, also while no agent runs');
    expect(reasonOf(second)).toContain('ERR_PINS_IN_USE');
    expect(reasonOf(third)).toContain('ERR_NOT_BPFFS');
    await first.stop();
    execFileSync(command, ['witness', 'remove', '--witness-pins', pins], { stdio: 'pipe' });
    expect(() => execFileSync('test', ['-e', pins])).toThrow();
  });
});
