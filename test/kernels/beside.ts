import { container } from './cgroup-paths.ts';
import type { Scenario } from './scenario.ts';

/** More than the ring in the kernel (512 KiB) has room for: a record is as long as its cgroup's path. */
const manyKills = 300;
const deep = `/deep/${Array(9).fill('d'.repeat(200)).join('/')}`;

const oneKill = `storm --cgroup ${container('f')}`;
const asOne = { kills: 1, expected: { scope: 'container', whole: true } } as const;

/** What another agent beside the tried one says of its own witness. The last one locks the kernel down for good. */
export const beside: Scenario[] = [
  {
    name: 'ring-full',
    what: `${manyKills} kills while an agent stands still, more than its ring in the kernel takes`,
    script: `
      ifconfig lo up
      second_agent $app run --json --listen 127.0.0.1:9101 --state-dir /tmp/second --witness require
      kill -STOP $second
      storm --kills ${manyKills} --parallel 4 --limit-kib 4096 --cgroup ${deep}/1 --cgroup ${deep}/2
      kill -CONT $second
      second_has ${manyKills}
      wget -q -O /tmp/ready http://127.0.0.1:9101/readyz
      wget -q -O /tmp/metrics http://127.0.0.1:9101/metrics
      second_ends
      lost=$(sed -n 's/^oomwatcher_kernel_witness_records_lost_total{.*} //p' /tmp/metrics)
      [ "$lost" -gt 0 ] || fail "the ring had room: $(cat /tmp/metrics)"
      grep -q "$lost kills were more than the witness's ring in the kernel could take" /tmp/ready || fail "$(cat /tmp/ready)"
      echo "@ring-full $lost of ${manyKills} found no room" > /dev/console`,
    kills: manyKills,
  },
  {
    name: 'memlock',
    what: 'an agent that may lock 64 KiB: enough since Linux 5.11, which does not count maps as locked',
    script: `
      second_agent memlock $app watch --json --witness auto
      ${oneKill}
      second_has 1
      second_ends
      case $(uname -r) in
        5.10.*) second_said '"live":false,"reason":"[^"]*RLIMIT_MEMLOCK' ;;
        *) second_said '"live":true' ;;
      esac`,
    ...asOne,
  },
  {
    name: 'lockdown',
    what: 'lockdown=confidentiality: an agent that starts under it says so, the older witness goes on',
    script: `
      mount -t securityfs securityfs /sys/kernel/security
      echo confidentiality > /sys/kernel/security/lockdown
      second_agent $app watch --json --witness auto
      ${oneKill}
      second_has 1
      second_ends
      second_said '"live":false,"reason":"[^"]*lockdown=confidentiality forbids'`,
    ...asOne,
  },
  {
    name: 'lockdown-unseen',
    what: 'the same where the agent cannot see the kernel’s lockdown, as in a container',
    script: `
      umount /sys/kernel/security
      second_agent $app watch --json --witness auto
      ${oneKill}
      second_has 1
      second_ends
      second_said '"live":false,"reason":"[^"]*lockdown=confidentiality'`,
    ...asOne,
  },
];
