import { Records } from './kernel-records.ts';

export interface StormShape {
  kills: number;
  /** One kill in so many has its report, as the kernel's rate limit has it; 1: each. */
  reportEvery: number;
  /** Rows of a report's task table. */
  tasks: number;
  /** Records of others between two kills. */
  unrelated: number;
  seed?: number;
}

/** About so many characters are given at a time. */
const chunkLength = 16 * 1024;

/** A storm as a capture of Linux 6.18's words, in chunks, so that a million kills need no memory. Latin1. */
export function* stormChunks(shape: StormShape): Generator<string> {
  const run = new Records(shape.seed ?? 1);
  let chunk = '';
  for (let kill = 0; kill < shape.kills; kill++) {
    for (let i = 0; i < shape.unrelated; i++) chunk += run.unrelated();
    chunk += killRecords(run, kill, shape);
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

export function stormCapture(shape: StormShape): string {
  return [...stormChunks(shape)].join('');
}

const stack = [
  'dump_stack_lvl+0x59/0x90',
  'dump_header+0x43/0x1c0',
  'oom_kill_process.cold+0x8/0x8a',
  'out_of_memory+0x214/0x500',
  'mem_cgroup_out_of_memory+0xe8/0x130',
  'try_charge_memcg+0x439/0x700',
  'charge_memcg+0x2f/0x90',
  '__mem_cgroup_charge+0x2c/0x90',
  'do_anonymous_page+0x220/0xaa0',
  '__handle_mm_fault+0xa64/0xf80',
  'handle_mm_fault+0xd0/0x310',
  'exc_page_fault+0x176/0x770',
  'asm_exc_page_fault+0x22/0x30',
];

const stats = ['anon', 'file', 'kernel', 'kernel_stack', 'pagetables', 'percpu', 'sock', 'vmalloc'];

function killRecords(run: Records, kill: number, { reportEvery, tasks }: StormShape): string {
  const pid = 2 + run.below(4_000_000);
  const name = `worker-${kill % 1000}`;
  const report = kill % reportEvery === 0 ? reportRecords(run, kill, pid, name, tasks) : '';
  return (
    report +
    run.record(
      3,
      `Memory cgroup out of memory: Killed process ${pid} (${name}) total-vm:68056kB, anon-rss:16268kB, ` +
        'file-rss:1056kB, shmem-rss:0kB, UID:0 pgtables:72kB oom_score_adj:984',
    )
  );
}

function reportRecords(run: Records, kill: number, pid: number, name: string, tasks: number) {
  const pod = `pod${String(kill % 64).padStart(8, '0')}_4f2c_4d1b_9a55_6b1d0f3c2e7a`;
  const cgroup = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-${pod}.slice`;
  const lines: [priority: number, text: string][] = [
    [4, `${name} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984`],
    [4, `CPU: 0 UID: 0 PID: ${pid} Comm: ${name} Not tainted 6.18.44 #1 PREEMPT(none) `],
    [4, 'Call Trace:'],
    [4, ' <TASK>'],
    ...stack.map((frame): [number, string] => [4, ` ${frame}`]),
    [4, ' </TASK>'],
    [6, 'memory: usage 16384kB, limit 16384kB, failcnt 41'],
    [6, 'swap: usage 0kB, limit 0kB, failcnt 0'],
    [6, `Memory cgroup stats for ${cgroup}:`],
    ...stats.map((figure): [number, string] => [6, `${figure} ${run.below(16_777_216)}`]),
    [6, 'Tasks state (memory values in pages):'],
    [
      6,
      '[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name',
    ],
    ...Array.from({ length: tasks }, (_, row): [number, string] => [
      6,
      taskRow(run, pid, name, row),
    ]),
    [
      6,
      'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,' +
        `oom_memcg=${cgroup},task_memcg=${cgroup},task=${name},pid=${pid},uid=0`,
    ],
  ];
  return lines.map(([priority, text]) => run.record(priority, text)).join('');
}

/** The first row is the victim's, the biggest. */
function taskRow(run: Records, victim: number, name: string, row: number): string {
  const pid = row === 0 ? victim : 2 + run.below(4_000_000);
  const rss = row === 0 ? 4331 : run.below(4000);
  const cell = (value: number, width: number) => String(value).padStart(width);
  return (
    `[${cell(pid, 7)}] ${cell(0, 5)} ${cell(pid, 5)} ${cell(17014, 8)} ${cell(rss, 8)} ${cell(rss, 8)} ` +
    `${cell(0, 8)} ${cell(0, 9)} ${cell(73728, 8)} ${cell(0, 8)} ${cell(984, 13)} ${row === 0 ? name : `task-${row}`}`
  );
}
