import { describe, expect, it } from 'vitest';
import { parseConstraintLine } from '../src/lines/constraint-line.js';
import { parseOomText } from '../src/lines/index.js';
import { parseInvokeLine } from '../src/lines/invoke-line.js';
import { parseAnnounceLine, parseKillLine } from '../src/lines/kill-line.js';
import { parseMemoryLine, parseStatsLine, parseTaskInLine } from '../src/lines/memcg-lines.js';
import { parseTableHeader, parseTableRow } from '../src/lines/task-table.js';
import { linesOf, run } from './support/run.ts';

describe('the invoking line of every kernel is understood', () => {
  it.each([
    ['3.10', 'gfp_mask=0xd0, order=0', '0xd0'],
    ['4.6', 'gfp_mask=0x24000c0(GFP_KERNEL), order=0', '0x24000c0(GFP_KERNEL)'],
    ['4.9', 'gfp_mask=0x24000c0(GFP_KERNEL), nodemask=0-1,3, order=0', '0x24000c0(GFP_KERNEL)'],
    [
      '4.9, empty list',
      'gfp_mask=0x24000c0(GFP_KERNEL), nodemask=, order=0',
      '0x24000c0(GFP_KERNEL)',
    ],
    ['4.14', 'gfp_mask=0x14000c0(GFP_KERNEL), nodemask=(null),  order=0', '0x14000c0(GFP_KERNEL)'],
    ['4.19', 'gfp_mask=0x6000c0(GFP_KERNEL), nodemask=(null), order=0', '0x6000c0(GFP_KERNEL)'],
    ['5.0', 'gfp_mask=0xcc0(GFP_KERNEL), order=0', '0xcc0(GFP_KERNEL)'],
    ['no flags', 'gfp_mask=0x0(), order=0', '0x0()'],
    [
      'names',
      'gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO), order=0',
      '0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO)',
    ],
  ])('%s', (_, figures, gfpMask) => {
    expect(parseInvokeLine(`a b invoked oom-killer: ${figures}, oom_score_adj=-998`)).toEqual({
      type: 'invoke',
      comm: 'a b',
      gfpMask,
      order: 0,
      oomScoreAdj: -998,
      hasNodemask: figures.includes('nodemask'),
    });
  });

  it.each([
    '',
    ' invoked oom-ki',
    'Killed process ',
    '[1]',
    '\xff\n\t',
    'oom-kill:',
    'Out of memory: ',
  ])('the invoker may be called %j', (comm) => {
    const text = `${comm} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=-1, oom_score_adj=0`;
    expect(parseOomText(text)).toMatchObject({ type: 'invoke', comm, order: -1 });
  });
});

describe('the task table of every kernel is read by its header', () => {
  const T1 = '[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name';
  const T2 = '[ pid ]   uid  tgid total_vm      rss nr_ptes nr_pmds swapents oom_score_adj name';
  const T3 = '[ pid ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name';
  const T4 = '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name';
  const T5 =
    '[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name';

  it.each([
    ['3.10', T1, '[ 2345]     0  2344    28859      530      13       77          -998 java'],
    [
      '4.4',
      T2,
      '[ 2345]     0  2344    28859      530      13       4       77          -998 java',
    ],
    ['4.15', T3, '[ 2345]     0  2344    28859      530    57344       77          -998 java'],
    ['4.19', T4, '[   2345]     0  2344    28859      530    57344       77          -998 java'],
    [
      '6.8',
      T5,
      '[   2345]     0  2344    28859      530      500       30         0    57344       77          -998 java',
    ],
    ['wide ids', T5, '[4194303] 1000 2344 28859 530 500 30 0 57344 77 -998 java'],
  ])('%s', (_, header, row) => {
    const table = parseTableHeader(header)!;
    expect(parseTableRow(row, table)).toMatchObject({
      tid: row.includes('4194303') ? 4194303 : 2345,
      pid: 2344,
      rssPages: 530,
      swapPages: 77,
      oomScoreAdj: -998,
      comm: 'java',
    });
  });

  it('a uid is unsigned though it is printed with a sign', () => {
    const row = parseTableRow(
      '[  100]    -2   100        9        5    57344        0             0 x',
      parseTableHeader(T3)!,
    );
    expect(row?.uid).toBe(4294967294);
  });

  it.each(['', ' ', ' 5 6 7', '7', '-1', ' lead trail  ', 'a\nb', '\xe2\x82'])(
    'a task may be called %j',
    (comm) => {
      const row = `[    100]     0   100        9        5    57344        0             0 ${comm}`;
      expect(parseTableRow(row, parseTableHeader(T4)!)).toMatchObject({
        comm,
        oomScoreAdj: 0,
        rssPages: 5,
      });
    },
  );

  it('a row of another table is not forced into the columns', () => {
    const row =
      '[    100]     0   100        9        5        5        0         0    57344        0             0 x';
    expect(parseTableRow(row, parseTableHeader(T4)!)?.comm).not.toBe('x');
    expect(parseTableHeader('[ pid ] something else')).toBeUndefined();
  });
});

describe('the kill line of every kernel is understood', () => {
  const memory = 'total-vm:207144kB, anon-rss:16256kB, file-rss:856kB';
  const message = 'Memory cgroup out of memory: ';
  const sizes = { totalVmKiB: 207144, anonRssKiB: 16256, fileRssKiB: 856 };
  const K4 = 'shmem-rss:4kB, UID:4294967294 pgtables:76kB oom_score_adj:-998';

  it.each([
    ['3.10', `Killed process 9 (java) ${memory}`, {}],
    ['RHEL 7.2', `Killed process 9 (java) ${memory}, shmem-rss:4kB`, { shmemRssKiB: 4 }],
    [
      'RHEL 7.9',
      `Killed process 9 (java), UID -2, ${memory}, shmem-rss:4kB`,
      { uid: 4294967294, shmemRssKiB: 4 },
    ],
    ['4.6', `Killed process 9 (java) ${memory}, shmem-rss:4kB`, { shmemRssKiB: 4 }],
    ['5.1', `${message}Killed process 9 (java) ${memory}, shmem-rss:4kB`, { shmemRssKiB: 4 }],
    [
      'RHEL 8.3',
      `${message}Killed process 9 (java) ${memory}, shmem-rss:4kB, UID:1000`,
      { uid: 1000 },
    ],
    [
      '5.4',
      `${message}Killed process 9 (java) ${memory}, ${K4}`,
      { uid: 4294967294, pageTablesKiB: 76, oomScoreAdj: -998 },
    ],
    [
      'with a field of the future',
      `${message}Killed process 9 (java) ${memory}, ${K4} new-field:1kB`,
      { oomScoreAdj: -998 },
    ],
    [
      'sysctl',
      `Out of memory (oom_kill_allocating_task): Killed process 9 (java) ${memory}, ${K4}`,
      { message: 'Out of memory' },
    ],
  ])('%s', (_, text, more) => {
    expect(parseKillLine(text)).toMatchObject({ pid: 9, comm: 'java', ...sizes, ...more });
  });

  it.each([
    ') total-vm:1kB,',
    'a) b (c',
    'a\nb',
    '',
    ' ',
    ' lead trail  ',
    '(',
    ')',
    '\xff\xfe\\\x7f\x01',
    '(sd-pam)',
    'x), UID 1, tota',
    'Killed process ',
  ])('a victim called %j keeps its name and its figures', (comm) => {
    for (const tail of [memory, `${memory}, ${K4}`]) {
      expect(parseOomText(`${message}Killed process 9 (${comm}) ${tail}`)).toMatchObject({
        type: 'kill',
        pid: 9,
        comm,
        ...sizes,
      });
    }
    expect(parseOomText(`Killed process 9 (${comm}), UID 5, ${memory}`)).toMatchObject({
      uid: 5,
      comm,
      ...sizes,
    });
    expect(
      parseAnnounceLine(`${message}Kill process 9 (${comm}) score 1 or sacrifice child`),
    ).toMatchObject({ pid: 9, comm });
  });

  it.each([
    'TCP: out of memory -- consider tuning tcp_mem',
    'Out of memory',
    'Out of memory: ',
    'Memory cgroup out of memory',
    'Killed process 9',
    'Killed process 9 (java',
    `x: Killed process 9 (java) ${memory}`,
    `Killed process 9 (a name of more than 15 bytes) ${memory}`,
    `Killed process x (java) ${memory}`,
    'Memory failure: Out of memory while machine check handling',
    'oom_reaper: reaped process 9 (java), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB',
    'lowmemorykiller: send sigkill to 9 (java), adj 0, size 1',
  ])('%j is no kill', (text) => {
    expect(parseKillLine(text)).toBeUndefined();
  });

  const none = { totalVmKiB: undefined, anonRssKiB: undefined, fileRssKiB: undefined };

  it.each([
    ['2.4', 'Out of Memory: Killed process 9 (java).', { message: 'Out of memory', ...none }],
    ['2.6', 'Killed process 9 (java)', none],
    ['RHEL 5', 'Out of memory: Killed process 9, UID 27, (java).', { uid: 27, ...none }],
    ['RHEL 6', `Killed process 9, UID 498, (java) ${memory}`, { uid: 498, ...sizes }],
    ['2.6.32', 'Killed process 9 (java) vsz:5kB, anon-rss:4kB, file-rss:3kB', { totalVmKiB: 5 }],
    ['OpenVZ', 'OOM killed process 9 (java) vm:5kB, rss:4kB, swap:3kB', { totalVmKiB: 5 }],
    [
      'OpenVZ, a container',
      'Out of memory in UB 101: OOM killed process 9 (java) score 0 vm:5kB, rss:4kB, swap:3kB',
      { totalVmKiB: 5 },
    ],
    ['trailing blank', `${message}Killed process 9 (java) ${memory}, ${K4} `, sizes],
    ['WSL', 'Out of memory: Killed process 9 (java) ', none],
    [
      'cut by a pager',
      `${message}Killed process 9 (java) total-vm:753508kB, anon>`,
      { ...none, totalVmKiB: 753508 },
    ],
    [
      'cut in a figure',
      `${message}Killed process 9 (java) total-vm:753508kB, anon-rss:12`,
      { ...none, totalVmKiB: 753508 },
    ],
    ['cut before the figures', `${message}Killed process 9 (java) total-vm:75`, none],
  ])('%s, in other words or with fewer figures', (_, text, more) => {
    expect(parseKillLine(text)).toMatchObject({ pid: 9, comm: 'java', ...more });
  });

  it.each([
    ['}] Conditions:[]}', { uid: 1000, oomScoreAdj: 984 }],
    ['<br/>', { uid: 1000, oomScoreAdj: 984 }],
    [' \\', { uid: 1000, oomScoreAdj: 984 }],
  ])('words after the line, %s, take no figure from it', (after, more) => {
    const text = `Out of memory: Killed process 9 (java) ${memory}, shmem-rss:4kB, UID:1000 pgtables:76kB oom_score_adj:984${after}`;
    expect(parseKillLine(text)).toMatchObject({ pid: 9, comm: 'java', ...sizes, ...more });
  });

  it.each([
    'UID:10>',
    'UID:10\xe2\x80\xa6',
    'UID:10...',
    'UID:1000 pgtables:76kB oom_score_adj:9>',
  ])('a figure that a pager cut, %s, is not reported', (end) => {
    const kill = parseKillLine(`Killed process 9 (java) ${memory}, shmem-rss:4kB, ${end}`);
    expect(kill).toMatchObject({ pid: 9, comm: 'java', oomScoreAdj: undefined });
    if (!end.includes('1000')) expect(kill?.uid).toBeUndefined();
  });

  it.each([
    'Out of memory: kill process 9 (java) score 8 or a child',
    'Memory cgroup out of memory: Kill process 9, UID 27, (java) score 8 or sacrifice child',
    'Out of memory: Kill process 9 (java) score 8 or sac>',
  ])('%j announces a kill', (text) => {
    expect(parseAnnounceLine(text)).toMatchObject({ pid: 9, comm: 'java' });
  });
});

describe('the constraint line is read from both ends', () => {
  const line = (middle: string) =>
    `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null)${middle},pid=9,uid=-2`;

  it('a global OOM has no limit', () => {
    const text = line(
      ',cpuset=/,mems_allowed=0-1,global_oom,task_memcg=/user.slice/x.scope,task=MATLAB',
    );
    expect(parseConstraintLine(text)).toMatchObject({
      uid: 4294967294,
      pid: 9,
      readings: [{ comm: 'MATLAB', global: true, limit: undefined, victim: '/user.slice/x.scope' }],
    });
  });

  it.each([
    [
      'without cpusets',
      ',oom_memcg=/a,task_memcg=/a/b,task=x',
      [{ comm: 'x', limit: '/a', victim: '/a/b' }],
    ],
    ['without memory cgroups', ',cpuset=/,mems_allowed=0,task=x', []],
    [
      'with the root as the victim’s',
      ',global_oom,task_memcg=/,task=x',
      [{ comm: 'x', global: true, victim: '/' }],
    ],
    ['with a path that was too long', ',oom_memcg=/a,task_memcg=(name too long),task=x', []],
  ])('%s', (_, middle, readings) => {
    expect(parseConstraintLine(line(middle))?.readings).toMatchObject(readings);
  });

  it('nodes are a list with commas', () => {
    const text =
      'oom-kill:constraint=CONSTRAINT_MEMORY_POLICY,nodemask=0-1,3,cpuset=/,mems_allowed=0-1,3,global_oom,task_memcg=/a,task=x,pid=9,uid=0';
    expect(parseConstraintLine(text)).toMatchObject({
      constraint: 'CONSTRAINT_MEMORY_POLICY',
      readings: [{ comm: 'x', victim: '/a' }],
    });
  });

  it.each([
    ['/ks=x,task=evil,pid=1,uid=0', 'cgevil'],
    ['/kspec,task_memcg=', 'cgcomma'],
    ['/k\xc3\xa9,oom_memcg=', 'x'],
    ['/a', ',task=a'],
    ['/a', ',task=x,pid=9'],
    ['/a', 'x,pid=1,uid=0'],
    ['/a', 'task=a,pid=7,pi'],
  ])(
    'a cgroup %j and a task %j are among its readings, and no more than one of that name',
    (path, comm) => {
      const { readings } = parseConstraintLine(
        line(`,cpuset=/,mems_allowed=0,oom_memcg=${path},task_memcg=${path},task=${comm}`),
      )!;
      expect(readings.filter((reading) => reading.comm === comm)).toEqual([
        { comm, global: false, limit: path, victim: path },
      ]);
    },
  );

  it('thousands of separators in a name take no time', () => {
    const start = performance.now();
    const path = '/,oom_memcg=/,task_memcg='.repeat(40_000);
    parseConstraintLine(line(`,oom_memcg=${path},task_memcg=${path},task=x`));
    expect(performance.now() - start).toBeLessThan(60_000);
  });
});

describe('the lines of a limit', () => {
  it('the victim’s cgroup and the limit’s are not swapped', () => {
    expect(parseTaskInLine('Task in /a/b killed as a result of limit of /a')?.paths).toEqual({
      victim: '/a/b',
      limit: '/a',
    });
  });

  it('a cgroup called like the words between is taken by what is inside what', () => {
    const words = ' killed as a result of limit of ';
    expect(parseTaskInLine(`Task in /a/x${words}/b${words}/a`)?.paths).toEqual({
      victim: `/a/x${words}/b`,
      limit: '/a',
    });
    expect(parseTaskInLine(`Task in /a${words}/a${words}/a`)?.paths).toBeUndefined();
  });

  it('a limit that is none is not a number', () => {
    expect(parseMemoryLine('memory: usage 9kB, limit 9007199254740988kB, failcnt 0')).toEqual({
      type: 'memory',
      usageKiB: 9,
      limitKiB: undefined,
      pageSizeKiB: 4,
    });
    expect(parseMemoryLine('memory+swap: usage 9kB, limit 9kB, failcnt 0')).toBeUndefined();
  });

  it.each([
    ['64 KiB pages', 9007199254740928, 64],
    ['16 KiB pages', 9007199254740976, 16],
    ['4 KiB pages', 9007199254740988, 4],
    ['32 bit', 8589934588, 4],
    ['a counter of bytes, up to 3.18', 9007199254740991, undefined],
  ])('%s: no limit, and what a page has', (_, limit, pageSizeKiB) => {
    const text = `memory: usage 9kB, limit ${limit}kB, failcnt 0`;
    expect(parseMemoryLine(text)).toMatchObject({ limitKiB: undefined, pageSizeKiB });
  });

  it.each([
    ['Memory cgroup stats for /a: cache:0KB rss:4KB', '/a'],
    ['Memory cgroup stats for /a:', '/a'],
    ['Memory cgroup stats for /a::', '/a:'],
    ['Memory cgroup stats for /a: cache:0KB b: cache:0KB rss:4KB', '/a: cache:0KB b'],
  ])('%j names %j', (text, path) => {
    expect(parseStatsLine(text)?.path).toBe(path);
  });
});

describe('a line that somebody made for us', () => {
  const head = 'Killed process 1 (a) total-vm:1kB, anon-rss:1kB, file-rss:0kB';

  it('does not stop the reader with fields without end', () => {
    const line = `${head}${', a:b'.repeat(1_000_000)} !`;
    const startMs = performance.now();
    expect(run(linesOf(line)).kills).toEqual([]);
    expect(performance.now() - startMs).toBeLessThan(60_000);
  });

  it('does not make a size that JSON cannot hold', () => {
    expect(run(linesOf(head.replace('total-vm:1', `total-vm:${'9'.repeat(400)}`))).kills).toEqual(
      [],
    );
  });
});
