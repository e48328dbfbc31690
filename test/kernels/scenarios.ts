import { beside } from './beside.ts';
import { container, pod } from './cgroup-paths.ts';
import type { Scenario } from './scenario.ts';

const stormKills = 200;

const briefKills = 60;
const briefContainers = Array.from(
  { length: briefKills },
  (_, index) => `${pod}/cri-containerd-${index.toString(16).padStart(64, '0')}.scope`,
);

/** Its truth is what the demo says of its process, which it has waited for. */
const demo = `
  oomwatcher demo > /tmp/shown 2> /tmp/steps || fail "$(cat /tmp/steps)"
  pid=$(sed -n 's/^Process \\([0-9]*\\), .*/\\1/p' /tmp/steps)
  cgroup=$(sed -n 's|^Made the cgroup /sys/fs/cgroup\\(.*\\) with a limit .*|\\1|p' /tmp/steps)
  grep -q "OOM kill  oomwatcher-demo (pid $pid)" /tmp/shown || fail "not shown: $(cat /tmp/shown)"
  for left in /sys/fs/cgroup/oomwatcher-demo*; do
    [ ! -e "$left" ] || fail "left behind: $left"
  done
  left=$(grep -lx oomwatcher-demo /proc/[0-9]*/comm || :)
  [ -z "$left" ] || fail "left behind: $left"
  printf '{"type":"child","index":0,"pid":%d,"comm":"oomwatcher-demo","commHex":"%s","cgroup":"%s","limitCgroup":"%s","signal":9}\\n' \
    "$pid" ${Buffer.from('oomwatcher-demo').toString('hex')} "$cgroup" "$cgroup"`;

const overrunKills = 20;

/** The cgroups stay for so long that the agent, which goes on when the log is overrun, finds them. */
const overrun = `
  kills() { sed -n 's/^oom_kill //p' /proc/vmstat; }
  before=$(kills)
  kill -STOP $agent
  storm --kills ${overrunKills} --parallel 4 --limit-kib 4096 --linger-ms 15000 --cgroup ${container('1')} --cgroup ${container('2')} &
  storm=$!
  until [ $(kills) -ge $((before + ${overrunKills})) ]; do usleep 50000; done
  for record in $(seq 6000); do echo "<7>flood $record" > /dev/kmsg; done
  kill -CONT $agent
  wait $storm`;

const hostileComms = [
  'a) b (c',
  ') total-vm:1kB,',
  'x,pid=1,uid=0',
  ',task=x,pid=9',
  'Killed process ',
  'a\nKilled proc',
  'back\\slash\\x41',
  '\u001b[2Jterm',
  'täsk€',
  '<script>',
  '$(reboot)',
  ' ',
].map((name) => Buffer.from(name));
/** Not UTF-8, and a character cut in half at the end of the 15 bytes. */
const hostileBytes = [
  Buffer.from([0xff, 0xfe, 0x7f, 0x01]),
  Buffer.from('abcdefghijklm€').subarray(0, 15),
];

const hostileCgroups = [
  '/a,oom_memcg=/b,task_memcg=/c,task=d,pid=1,uid=0',
  '/x,global_oom,task_memcg=/y',
  '/system.slice/system-serial\\x2dgetty.slice/serial-getty@ttyS0.service',
  '/with space/and (parentheses) killed as a result of limit of ',
  '/täsk/€',
  // Twice this is longer than one record holds: the kernel splits the line. The next is so alone: it is cut.
  longPath('split', 3),
  longPath('cut', 6),
];

function longPath(name: string, levels: number): string {
  return Array.from({ length: levels }, (_, level) => `/${name}-${level}-${'d'.repeat(180)}`).join(
    '',
  );
}

export const scenarios: Scenario[] = [
  {
    name: 'single',
    what: "one container's first process",
    script: `storm --pid-namespace --cgroup ${container('a')}`,
    kills: 1,
    expected: { scope: 'container', whole: true, mainProcess: true },
  },
  {
    name: 'child',
    what: 'a child dies, its container lives on',
    script: `storm --pid-namespace --survivor --kills 2 --cgroup ${container('b')}`,
    kills: 2,
    expected: { scope: 'container', whole: true, mainProcess: false },
  },
  {
    name: 'pod-limit',
    what: 'two containers under their pod’s limit',
    script: `storm --kills 4 --parallel 2 --limit-up 1 --cgroup ${container('c')} --cgroup ${container('d')}`,
    kills: 4,
    expected: { scope: 'pod', limitCgroup: pod, whole: true },
  },
  {
    name: 'group',
    what: 'memory.oom.group on a container of 5 processes',
    script: group(container('e'), [
      '0:eater',
      '2048:idle-1',
      '2048:idle-2',
      '2048:idle-3',
      '2048:idle-4',
    ]),
    kills: 5,
    expected: { scope: 'container', limitCgroup: container('e'), groupSize: 5 },
  },
  {
    name: 'names',
    what: 'hostile process names',
    script: storm({
      kills: 10,
      comms: [...hostileComms.slice(0, 8), ...hostileBytes],
    }),
    kills: 10,
    expected: { whole: true },
  },
  {
    name: 'forged',
    what: 'hostile process names, while forged kill lines are written to /dev/kmsg',
    script: `
      forge() {
        while :; do
          echo '<3>Memory cgroup out of memory: Killed process 1 (init) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:1kB oom_score_adj:0' > /dev/kmsg
          echo '<6>oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/forged,task_memcg=/forged,task=init,pid=1,uid=0' > /dev/kmsg
          usleep 20000
        done
      }
      forge & forger=$!
      ${storm({ kills: 4, comms: hostileComms.slice(8) })}
      kill $forger`,
    kills: 4,
    expected: { whole: true, forged: true },
  },
  {
    name: 'cgroups',
    what: 'hostile cgroup paths',
    script: `storm --kills ${hostileCgroups.length} ${hostileCgroups.map((path) => `--cgroup '${path}'`).join(' ')}`,
    kills: hostileCgroups.length,
  },
  {
    name: 'storm',
    what: `${stormKills} kills in 6 containers, 8 at a time`,
    script: `storm --kills ${stormKills} --parallel 8 --limit-kib 4096 ${[...'123456'].map((digit) => `--cgroup ${container(digit)}`).join(' ')}`,
    kills: stormKills,
  },
  {
    name: 'brief',
    what: `${briefKills} containers, each removed when its process was killed`,
    script: `storm --brief --kills ${briefKills} --parallel 8 --limit-kib 4096 ${briefContainers.map((path) => `--cgroup ${path}`).join(' ')}`,
    kills: briefKills,
    expected: { scope: 'container' },
  },
  {
    name: 'demo',
    what: '`oomwatcher demo`, which shows its kill and leaves nothing behind',
    script: demo,
    kills: 1,
    expected: { scope: 'cgroup', whole: true },
  },
  {
    name: 'global',
    what: 'no memory left in the machine',
    script: `
      make_cgroup ${container('7')}
      make_cgroup ${container('8')}
      make_cgroup /system.slice/hog.service
      victims ${container('7')}:500:0:hog-1 ${container('8')}:400:0:hog-2 /system.slice/hog.service:300:0:hog-3 ${container('8')}:0:8192:bystander`,
    kills: 3,
    expected: { scope: 'node', whole: true },
  },
  {
    name: 'sysrq',
    what: 'a kill that an operator asks for (SysRq f), which no limit was hit for',
    script: `
      make_cgroup ${container('7')}
      victims --sysrq ${container('7')}:900:65536:picked`,
    kills: 1,
    expected: { scope: 'node' },
  },
  {
    name: 'leaderless',
    what: 'a thread whose leader has ended',
    script: `
      make_cgroup ${container('0')} 16777216
      victims --leaderless ${container('0')}:0:0:leaderless`,
    kills: 1,
    expected: { scope: 'container', limitCgroup: container('0'), whole: true },
  },
  {
    name: 'sharing',
    what: 'two processes that share their memory, of which the kernel names one',
    script: `
      make_cgroup ${container('0')} 16777216
      victims --sharing ${container('0')}:0:0:sharing`,
    kills: 1,
    expected: { scope: 'container', limitCgroup: container('0'), whole: true, sharers: 1 },
  },
  {
    name: 'dying',
    what: 'a process that was dying already, which the kernel marks and does not kill',
    script: `
      make_cgroup ${container('0')} 16777216
      mount -t debugfs debugfs /sys/kernel/debug
      # Since Linux 6.12 others have a twentieth of the time beside a real-time process, whatever that is allowed.
      for server in /sys/kernel/debug/sched/fair_server/cpu*/runtime; do
        [ ! -e $server ] || echo 0 > $server
      done
      (echo 0 > /proc/self/oom_score_adj && exec dying ${container('0')})`,
    kills: 0,
  },
  {
    name: 'overrun',
    what: `${overrunKills} kills whose lines are overrun while the agent stands still`,
    script: overrun,
    kills: overrunKills,
    expected: { overrun: true },
  },
  ...beside,
];

function storm({ kills, comms }: { kills: number; comms: Buffer[] }): string {
  return `storm --kills ${kills} --cgroup ${container('9')} ${comms.map((comm) => `--comm-hex ${comm.toString('hex')}`).join(' ')}`;
}

function group(cgroup: string, actors: string[]): string {
  return `
    make_cgroup ${cgroup} 33554432
    echo 1 > /sys/fs/cgroup${cgroup}/memory.oom.group
    victims ${actors.map((actor) => `${cgroup}:0:${actor}`).join(' ')}`;
}
