import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import {
  builtAddon,
  builtAgent,
  kernelLog,
  needs,
  privateMounts,
  restrictedLog,
  setpriv,
} from './support/needs.ts';
import { command } from './support/paths.ts';
import {
  behindDevNull,
  mounted,
  ownPids,
  withoutAddon,
  withoutCapabilities,
} from './support/surroundings.ts';

interface Finding {
  check: string;
  status: 'ok' | 'warning' | 'missing';
  message: string;
  remedy?: string;
}

function run(wrapper: string[], ...args: string[]) {
  const [program = '', ...rest] = [...wrapper, command, 'doctor', ...args];
  const { status, stdout, stderr } = spawnSync(program, rest, {
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '0' },
  });
  expect(stderr).toBe('');
  return { status, stdout };
}

/** What it says with `--json` in these surroundings, by check. */
function examined(wrapper: string[] = [], ...args: string[]) {
  const { status, stdout } = run(wrapper, '--json', ...args);
  const { schema, ok, checks } = JSON.parse(stdout);
  expect(schema).toBe('oomwatcher.doctor/v1');
  expect(status, 'the exit code says what the report says').toBe(ok ? 0 : 3);
  const findings = new Map((checks as Finding[]).map((finding) => [finding.check, finding]));
  return { ok, findings };
}

/** How many records it holds is by what others write. */
const ofTheMoment = ['kernel ring'];

/** What cannot be had without the other. */
const followFrom = new Map([
  ['native addon', ['kernel witness', 'minutes before a kill']],
  ['pid namespace', ['minutes before a kill']],
]);

/** The one thing that is wrong there and not here. */
function lacking(wrapper: string[], check: string, ...args: string[]) {
  const here = examined([], ...args).findings;
  const { ok, findings } = examined(wrapper, ...args);
  for (const [name, { status }] of findings) {
    if (name === check || followFrom.get(check)?.includes(name)) continue;
    if (ofTheMoment.includes(name)) continue;
    expect({ name, status }).toEqual({ name, status: here.get(name)?.status });
  }
  return { ok, finding: findings.get(check), findings };
}

const { describe } = needs(builtAgent, kernelLog, privateMounts);

describe('doctor', () => {
  it('finds that the agent can work here, one aligned line a check', () => {
    const { status, stdout } = run([]);
    expect(status).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.pop()).toMatch(/^The agent can work here/);
    expect(lines.length).toBeGreaterThan(10);
    const column = lines[0]?.search(/\/dev\/kmsg/);
    for (const line of lines) {
      expect(line).toMatch(/^(ok|warning) +\S/);
      expect(line.slice(0, column)).toMatch(/ {2}$/);
      expect(line[column as number]).not.toBe(' ');
    }
  });

  it.each([
    ['/dev/null', behindDevNull, 'the character device 1:3 (/dev/null)'],
    [
      'a regular file',
      mounted('file=$(mktemp); mount --bind "$file" /dev/kmsg; rm "$file"'),
      'a regular file',
    ],
    [
      'a FIFO',
      mounted('fifo=$(mktemp -u); mkfifo "$fifo"; mount --bind "$fifo" /dev/kmsg; rm "$fifo"'),
      'a FIFO',
    ],
  ])('distinguishes %s from the kernel log', (_, wrapper, there) => {
    const { ok, findings } = examined(wrapper);
    expect(ok).toBe(false);
    const finding = findings.get('kernel log');
    expect(finding?.status).toBe('missing');
    expect(finding?.message).toBe(
      `/dev/kmsg is not the kernel's log (character device 1:11), but ${there}`,
    );
    expect(finding?.remedy).toContain("mount the host's /dev/kmsg");
    expect(findings.has('kernel ring'), 'of a log that nobody can read').toBe(false);
  });

  it('says that /dev/kmsg is missing, and how to mount it', () => {
    const wrapper = mounted('mount -t tmpfs tmpfs /dev; mknod -m 666 /dev/null c 1 3');
    const { ok, finding } = lacking(wrapper, 'kernel log');
    expect(ok).toBe(false);
    expect(finding).toMatchObject({ status: 'missing', message: '/dev/kmsg does not exist' });
    expect(finding?.remedy).toContain('hostPath');
  });

  it.each([
    ['hidden', 'mount -t tmpfs tmpfs /sys/fs/cgroup'],
    ['not mounted', 'umount -R /sys/fs/cgroup'],
  ])('warns when the cgroups are %s: the agent works, unproven', (_, commands) => {
    const { ok, findings } = examined(mounted(commands));
    expect(ok).toBe(true);
    expect(findings.get('memory cgroups')).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('none is proven complete'),
      remedy: expect.stringContaining('/sys/fs/cgroup'),
    });
    expect(findings.has('kill counters')).toBe(false);
  });

  it('warns in a pid namespace that is not the node’s', () => {
    const { ok, finding, findings } = lacking(ownPids, 'pid namespace');
    expect(ok).toBe(true);
    expect(finding?.status).toBe('warning');
    expect(finding?.remedy).toContain('hostPID: true');
    expect(findings.get('minutes before a kill')).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('not which of their processes grew'),
    });
  });

  it('warns in a cgroup namespace that is not the node’s', () => {
    const { ok, findings } = examined(['unshare', '--cgroup']);
    expect(ok).toBe(true);
    expect(findings.get('cgroup namespace')).toMatchObject({
      status: 'warning',
      remedy: expect.stringContaining('--cgroupns=host'),
    });
  });

  it('warns when the journal can only be kept in memory, and makes no folder', () => {
    const { ok, finding } = lacking(
      mounted('mount -t tmpfs -o ro tmpfs /mnt'),
      'state folder',
      '--state-dir',
      '/mnt/a/b',
    );
    expect(ok).toBe(true);
    expect(finding).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('/mnt/a/b cannot be written (EROFS)'),
      remedy: expect.stringContaining('--state-dir'),
    });
  });
});

needs(builtAgent, setpriv, restrictedLog).it('doctor names CAP_SYSLOG where it is missing', () => {
  const { ok, findings } = examined(withoutCapabilities);
  expect(ok).toBe(false);
  for (const check of ['kernel log', 'CAP_SYSLOG']) {
    expect(findings.get(check)).toMatchObject({
      status: 'missing',
      remedy: expect.stringContaining('capabilities.add: [SYSLOG]'),
    });
  }
});

needs(builtAgent, kernelLog, builtAddon, privateMounts).it(
  'doctor says why the addon does not load: the agent works without',
  () => {
    const { ok, finding } = lacking(withoutAddon, 'native addon');
    expect(ok).toBe(true);
    expect(finding).toMatchObject({
      status: 'warning',
      message: expect.stringMatching(/addon is not (installed or not )?built/),
      remedy: expect.stringContaining('npm run build'),
    });
  },
);
