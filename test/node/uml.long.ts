import { expect, it } from 'vitest';
import { incusIsUnpacked } from '../support/hosts/incus.ts';
import { systemdInUml, testsInUml, umlTests } from '../support/node/uml.ts';

/** @returns what the tests wrote, the parts that tell how they went. */
async function passedInUml(...args: Parameters<typeof testsInUml>): Promise<string> {
  const said = await testsInUml(...args);
  const lines = said.replace(/\r/g, '').split('\n');
  console.log(
    lines.filter((line) => /✓|×|the kernel's|The kernel's|FAIL|Error/.test(line)).join('\n'),
  );
  expect(said).toContain('the tests ended with 0');
  return said;
}

umlTests('on cgroup v2, in User-mode Linux', () => {
  it('the node passes the same tests, and tells processes that are killed together', async () => {
    expect(await passedInUml('sh', '--project', 'node')).toContain('and 3 others with it');
  }, 1_300_000);

  it('the minutes before a kill are what the memory did', async () => {
    await passedInUml('sh', '--project', 'test', 'run-up.test');
  }, 1_300_000);
});

umlTests(
  'on cgroup v2, in User-mode Linux whose first process is systemd',
  () => {
    it('the node passes the same tests, with slices and scopes of the systemd driver', async () => {
      const said = await passedInUml('systemd', '--project', 'node');
      expect(said).toMatch(
        /\/kubepods-burstable-pod\w+\.slice\/cri-containerd-\w+\.scope: .* and 3 others with it/,
      );
    }, 1_300_000);

    it("systemd-nspawn's machines are told by their names", async () => {
      expect(await passedInUml('systemd', '--project', 'test', 'nspawn')).toContain(
        '/machine-shop\\x2dmain\\x2d1.scope/payload: shop-main-1',
      );
    }, 1_300_000);
  },
  systemdInUml,
);

umlTests(
  'Incus on cgroup v2, in User-mode Linux',
  () => {
    it('has containers that are told by their names', async () => {
      expect(await passedInUml('sh', '--project', 'test', 'incus')).toContain('shop_web');
    }, 1_300_000);
  },
  incusIsUnpacked,
);
