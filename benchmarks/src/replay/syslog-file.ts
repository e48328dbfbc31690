import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { seeded } from '../support/seeded.ts';

/** What ordinary hosts log, by program; `%` is a number. */
const ordinary: [program: string, text: string][] = [
  ['systemd[1]', 'Started session-%.scope - Session % of User deploy.'],
  ['sshd[%]', 'Accepted publickey for deploy from 10.0.%.% port % ssh2: ED25519'],
  [
    'kubelet[%]',
    'I1123 16:00:00.%    %  kubelet.go:2480] "SyncLoop (PLEG): event for pod" pod="shop/web-%"',
  ],
  [
    'containerd[%]',
    'time="2026-11-23T16:00:00Z" level=info msg="RemoveContainer for \\"%\\" returns successfully"',
  ],
  ['kernel', '[%.%] eth0: link becomes ready, queue %'],
  [
    'kernel',
    '[%.%] audit: type=1400 audit(%): apparmor="ALLOWED" operation="open" pid=% comm="node"',
  ],
  ['CRON[%]', '(root) CMD (command -v debian-sa1 > /dev/null && debian-sa1 1 %)'],
  ['app[%]', 'GET /api/v1/orders/% 200 % bytes in % ms, out of memory budget: no, killed: 0'],
];

/** An OOM report as a syslog daemon writes it, one in so many lines. */
const reportEvery = 200_000;

/**
 * Writes a syslog file as a busy host would have, seeded: mostly of other programs, with an OOM report now and then.
 *
 * @param report the texts of one report's lines
 * @returns the number of reports in it
 */
export async function writeSyslogFile(
  path: string,
  bytes: number,
  report: readonly string[],
): Promise<number> {
  const out = createWriteStream(path, { highWaterMark: 4 * 1024 * 1024 });
  const random = seeded(20261123);
  let written = 0;
  let reports = 0;
  for (let line = 0; written < bytes; ) {
    let chunk = '';
    for (let i = 0; i < 5000; i++, line++) {
      const [program, text] = ordinary[random() % ordinary.length] as [string, string];
      chunk += `Nov 23 ${time(line)} node7 ${filled(`${program}: ${text}`, random)}\n`;
      if (line % reportEvery === reportEvery - 1) {
        reports++;
        chunk += report
          .map((words) => `Nov 23 ${time(line)} node7 kernel: [${line}.000001] ${words}\n`)
          .join('');
      }
    }
    written += chunk.length;
    if (!out.write(chunk, 'latin1')) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return reports;
}

function filled(text: string, random: () => number): string {
  return text.replace(/%/g, () => String(random() % 100_000));
}

function time(line: number): string {
  const seconds = Math.floor(line / 250) % 86_400;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}
