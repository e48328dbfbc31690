// A test of your own code with kills that nobody suffered: without root, on any system.
//
//   node --test own-alert.test.mts
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@oomwatcher/logs/parse';
import type { Kill } from '@oomwatcher/oom';

// Your code: who is woken for which kill.
function alertOf({ scope, victim, pod }: Kill): 'page' | 'ticket' {
  if (scope === 'node') return 'page';
  return victim?.name === 'postgres' && pod?.qos === 'guaranteed' ? 'page' : 'ticket';
}

// What a kernel printed, as `cat /dev/kmsg` gives it; shortened. Also dmesg, journalctl and syslog would do.
const pod =
  '/kubepods.slice/kubepods-pod0c2ab473_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-' +
  '3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope';
const killLine = 'Killed process 81 (postgres) total-vm:2101416kB, anon-rss:104696kB, file-rss:0kB';
const nodeReport = `
4,405,5085784,-;postgres invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984
6,455,5087070,-;oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=${pod},task=postgres,pid=81,uid=27
3,456,5087488,-;Out of memory: ${killLine}, shmem-rss:436kB, UID:27 pgtables:240kB oom_score_adj:984
`;
const podReport = nodeReport
  .replace('CONSTRAINT_NONE', 'CONSTRAINT_MEMCG')
  .replace('global_oom', `oom_memcg=${pod}`)
  .replace('Out of memory', 'Memory cgroup out of memory');

async function killIn(text: string): Promise<Kill> {
  for await (const event of parse({ text: text.trimStart() })) {
    if (event.kind === 'kill') return event.kill;
  }
  throw new Error('no kill is in this log');
}

test('a node without memory pages', async () => {
  assert.equal(alertOf(await killIn(nodeReport)), 'page');
});

test('the database in its own limit pages', async () => {
  const kill = await killIn(podReport);
  assert.equal(kill.scope, 'container');
  assert.equal(alertOf(kill), 'page');
});

test('a kill without a report has no scope and no pod, and still makes a ticket', async () => {
  const [, , line = ''] = podReport.trim().split('\n');
  const kill = await killIn(line);
  assert.equal(kill.scope, undefined);
  assert.equal(alertOf(kill), 'ticket');
});
