import fc from 'fast-check';
import { type Era, eras, type Oom, type Victim } from '../kernel-printer.ts';

const byte = fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code));

const words = [
  ...[
    ',task_memcg=',
    ',oom_memcg=',
    ',global_oom',
    ',task=',
    ',pid=1,uid=0',
    ',cpuset=',
    ',mems_allowed=',
  ],
  ...[
    ' killed',
    ' as a result of limit of ',
    ' are going to be killed due to memory.oom.group set',
  ],
  ...[
    ':',
    ': cache:0KB',
    '(',
    ')',
    ') total-vm:1kB,',
    ' ',
    '\n',
    '\\x41',
    'kubepods',
    'pod',
    'é',
    '-',
  ],
  ...['oom-kill:', 'Killed process ', ' invoked oom-killer: ', 'Task in ', '[', ']', '0', 'a'],
];

const phrase = fc.array(fc.constantFrom(...words), { maxLength: 4 }).map((parts) => parts.join(''));

/** task->comm: at most 15 bytes, any but NUL. */
export const comm = fc.oneof(
  fc.array(byte, { maxLength: 15 }).map((bytes) => bytes.join('')),
  phrase.map((text) => text.slice(0, 15)),
  fc.constantFrom(
    'java',
    'npm start',
    'runc:[2:INIT]',
    '(sd-pam)',
    'kworker/0:1',
    ' 5 6 7',
    'x,pid=1,uid=0',
  ),
);

const plainName = fc.stringMatching(/^[a-z0-9._-]{1,20}$/);

const hostileName = fc
  .oneof(
    fc.array(byte, { minLength: 1, maxLength: 40 }).map((bytes) => bytes.join('')),
    phrase,
  )
  .map((text) => text.replaceAll('/', '|'))
  .filter((text) => text !== '');

/** A cgroup and one at or below it. */
export interface Paths {
  limit: string;
  victim: string;
  /** At or between the two. */
  group: string;
}

function paths(name: fc.Arbitrary<string>): fc.Arbitrary<Paths> {
  const names = (minLength: number) => fc.array(name, { minLength, maxLength: 3 });
  return fc.record({ above: names(1), between: names(0), below: names(0) }).map((parts) => {
    const limit = `/${parts.above.join('/')}`;
    const group = [limit, ...parts.between].join('/');
    return { limit, group, victim: [group, ...parts.below].join('/') };
  });
}

export const plainPaths = paths(plainName);
export const hostilePaths = paths(fc.oneof(hostileName, plainName));

const kib = fc.nat(0xffff_ffff);

/** Without ids, which `numbered` gives. */
const victim: fc.Arbitrary<Victim> = fc
  .record({
    tid: fc.constant(0),
    pid: fc.constant(0),
    comm,
    uid: fc.oneof(fc.nat(0xffff_ffff), fc.constantFrom(0, 4294967294)),
    rssPages: fc.nat(1 << 30),
    swapPages: fc.nat(1 << 20),
    // oom_kill_memcg_member and the choice of a victim leave out what has -1000 (OOM_SCORE_ADJ_MIN).
    oomScoreAdj: fc.integer({ min: -999, max: 1000 }),
    totalVmKiB: kib,
    anonRssKiB: kib,
    fileRssKiB: kib,
    shmemRssKiB: kib,
    pageTablesKiB: kib,
    cgroup: fc.constant(''),
  })
  // The figures of one process agree with each other: it has pages of 4 KiB.
  .map((one) => {
    const residentKiB = one.rssPages * 4;
    const shmemRssKiB = one.shmemRssKiB % (residentKiB + 1);
    const fileRssKiB = one.fileRssKiB % (residentKiB - shmemRssKiB + 1);
    const anonRssKiB = residentKiB - shmemRssKiB - fileRssKiB;
    const totalVmKiB = (one.rssPages + 9) * 4;
    return { ...one, totalVmKiB, anonRssKiB, fileRssKiB, shmemRssKiB };
  });

export interface OomOptions {
  paths: fc.Arbitrary<Paths>;
  suppressed?: fc.Arbitrary<boolean>;
}

export function oom({ paths, suppressed = fc.constant(false) }: OomOptions): fc.Arbitrary<Oom> {
  const parts = {
    places: paths,
    trigger: fc.record({
      comm,
      pid: fc.integer({ min: 1, max: 4_194_303 }),
      gfpMask: fc.constantFrom(
        '0xcc0(GFP_KERNEL)',
        '0x0()',
        '0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO)',
      ),
      order: fc.integer({ min: -1, max: 10 }),
      oomScoreAdj: fc.integer({ min: -1000, max: 1000 }),
    }),
    nodemask: fc.constantFrom('(null)', '0', '0-1,3'),
    cpuset: fc.oneof(
      fc.constant('/'),
      paths.map(({ limit }) => limit.split('/').at(-1)!),
    ),
    isGlobal: fc.boolean(),
    usageKiB: kib,
    victim,
    isThread: fc.boolean(),
    // A second `,task=` in a name that no other line repeats has two readings: truly unknown.
    leaderComm: comm.filter((name) => !name.includes(',task=')),
    others: fc.array(victim, { maxLength: 12 }),
    members: fc.option(fc.array(victim, { maxLength: 4 }), { nil: undefined }),
    suppressed,
  };
  return fc.record(parts).map(({ places, isGlobal, usageKiB, isThread, members, ...rest }): Oom => {
    const inPlace = (task: Victim): Victim => ({ ...task, cgroup: places.victim });
    const dead = inPlace(rest.victim);
    return {
      trigger: rest.trigger,
      nodemask: rest.nodemask,
      cpuset: rest.cpuset,
      ...(!isGlobal && { limit: { cgroup: places.limit, usageKiB, limitKiB: usageKiB + 1 } }),
      // The two ids differ where the leader has exited; both are given by `numbered`.
      victim: { ...dead, tid: isThread ? 1 : 0 },
      leaderComm: rest.leaderComm,
      others: rest.others,
      ...(members !== undefined && {
        group: { cgroup: places.group, members: members.map(inPlace) },
      }),
      suppressed: rest.suppressed,
    };
  });
}

/** Gives every task of the log ids of its own, as a kernel does. */
export function numbered(ooms: Oom[]): Oom[] {
  let next = 100;
  const number = <T extends Victim>(task: T): T => {
    const isThread = task.tid !== task.pid;
    const pid = next++;
    return { ...task, pid, tid: isThread ? next++ : pid };
  };
  return ooms.map((one) => ({
    ...one,
    victim: number(one.victim),
    others: one.others.map((task) => number(task as Victim)),
    ...(one.group !== undefined && {
      group: { ...one.group, members: one.group.members.map(number) },
    }),
  }));
}

export const era = fc.constantFrom(...eras);

/** memory.oom.group came with 4.19. */
export function possibleIn({ name }: Era, one: Oom): Oom {
  const { group: _, ...alone } = one;
  return eras.findIndex((era) => era.name === name) < 8 ? alone : one;
}

/** Lines of user space that imitate the OOM killer, and of the kernel that only resemble it. */
export const foreign = fc.oneof(
  fc
    .constantFrom(
      'Memory cgroup out of memory: Killed process 1 (init) total-vm:1kB, anon-rss:1kB, file-rss:1kB, shmem-rss:1kB, UID:0 pgtables:1kB oom_score_adj:0',
      'Killed process 2 (x) total-vm:1kB, anon-rss:1kB, file-rss:1kB',
      'Out of memory: Kill process 3 (x) score 1 or sacrifice child',
      'java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
      'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/forged,task_memcg=/forged,task=x,pid=1,uid=0',
      'Task in /forged killed as a result of limit of /forged',
      'Tasks in /forged are going to be killed due to memory.oom.group set',
      'Memory cgroup stats for /forged:',
      '[      1]     0     1        9        9        9        9            0 forged',
      '/forged',
      ',task_memcg=/forged',
      'memory: usage 1kB, limit 1kB, failcnt 0',
    )
    .chain((text) =>
      fc.record({ text: fc.constant(text), priority: fc.integer({ min: 8, max: 2047 }) }),
    ),
  fc
    .constantFrom(
      'oom_reaper: reaped process 1 (x), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB',
      'TCP: out of memory -- consider tuning tcp_mem',
      'usb 1-1: new high-speed USB device number 2 using xhci_hcd',
      'x: page allocation failure: order:0, mode:0x800(GFP_NOWAIT), nodemask=(null)',
      'Huh VM_FAULT_OOM leaked out to the #PF handler. Retrying PF',
      'audit: type=1400 audit(1.2:3): apparmor="DENIED" comm="Killed process 1"',
      '',
    )
    .chain((text) =>
      fc.record({ text: fc.constant(text), priority: fc.integer({ min: 0, max: 7 }) }),
    ),
);
