import { expect, test } from 'vitest';
import { CapturedLog, LineNumber } from '../../src/index.js';

const line = (seconds: number, text: string) => `[    ${seconds}.144728] ${text}`;
const report = [
  line(
    3,
    'Web Content invoked oom-killer: gfp_mask=0x6000c0(GFP_KERNEL), order=0, oom_score_adj=984',
  ),
  line(3, 'CPU: 1 PID: 30 Comm: Web Content Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-1'),
  line(3, 'Memory cgroup stats for /system.slice/an-application-with-a-long-name.service:'),
  line(3, 'Tasks state (memory values in pages):'),
  line(3, '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name'),
  line(3, '[     30]  1000    30    25642     6431   114688        0           984 Web Content'),
  line(
    3,
    'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/system.slice/an-application-with-a-long-name.service,task_memcg=/system.slice/an-application-with-a-long-name.service,task=Web Content,pid=30,uid=1000',
  ),
  line(
    3,
    'Memory cgroup out of memory: Killed process 30 (Web Content) total-vm:102568kB, anon-rss:25228kB, file-rss:0kB, shmem-rss:496kB, UID:1000 pgtables:112kB oom_score_adj:984',
  ),
];

/** As a mailer breaks: at the last blank before the column. */
function soft(text: string, column: number): string {
  let rest = text;
  let out = '';
  while (rest.length > column) {
    const cut = rest.lastIndexOf(' ', column);
    const at = cut > 0 ? cut : rest.indexOf(' ', column);
    if (at < 0) break;
    out += `${rest.slice(0, at)}\n`;
    rest = rest.slice(at + 1);
  }
  return out + rest;
}

const hard = (text: string, width: number) =>
  text.replace(new RegExp(`.{${width}}(?=.)`, 'g'), '$&\n');
const columns = Array.from({ length: 40 }, (_, i) => 66 + i);

function read(text: string, chunkBytes = 4096) {
  const log = new CapturedLog('capture');
  const bytes = Buffer.from(text);
  const events = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    events.push(...log.push(bytes.subarray(at, at + chunkBytes)));
  }
  events.push(...log.end());
  return { kills: events.flatMap((event) => (event.kind === 'kill' ? [event.kill] : [])), log };
}

const [whole] = read(`${report.join('\n')}\n`).kills;
const essence = ({ victim, cgroup, trigger, tasks }: NonNullable<typeof whole>) => {
  return { victim, cgroup, trigger, tasks };
};

test.each(columns)('a name with a blank, broken by a mailer at column %i, is whole', (column) => {
  for (const quote of ['', '> ', '| ']) {
    const log = report.map((text) => soft(text, column)).join('\n');
    const { kills } = read(`${log.replace(/^/gm, quote)}\n`, 100);
    expect(kills.map(essence)).toEqual([essence(whole!)]);
  }
});

test.each(columns)('a name with a blank, broken by a terminal of %i columns, is whole', (width) => {
  const log = report.map((text) => hard(text, width)).join('\n');
  expect(read(`${log}\n`, 100).kills.map(essence)).toEqual([essence(whole!)]);
});

test('a line keeps its number', () => {
  const unknown = line(4, 'Killed process 12 (java) for its colour');
  const log = `${[...report, unknown].map((text) => soft(text, 72)).join('\n')}\n`;
  const { notUnderstoodAt = -1 } = read(log).log.stats;
  const number = new LineNumber(notUnderstoodAt);
  const found = number.push(Buffer.from(log)) ?? number.end();
  expect(log.split('\n')[found - 1]).toBe(unknown);
});

test('lines that had room are not joined', () => {
  const java = Array.from(
    { length: 8 },
    (_, i) => `${line(i, 'app: an exception')}\n    at com.example.App.run(App.java:${i})\n`,
  );
  const { kills } = read(`${java.join('')}${report.join('\n')}\nand so on\n`);
  expect(kills.map(essence)).toEqual([essence(whole!)]);
});
