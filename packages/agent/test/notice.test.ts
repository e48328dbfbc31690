import { expect, test } from 'vitest';
import { type Notice, noticeSentence } from '../src/output/notice.js';

const summary: Notice = { kind: 'summary', kills: 0, forged: 0, lost: 0, repeats: 0 };

test.each<[string, Notice]>([
  ['source: native (native addon)', { kind: 'source', source: 'native', reason: 'native addon' }],
  ['watching /dev/kmsg from record 8 on', { kind: 'watching', what: '/dev/kmsg', fromSeq: 8 }],
  [
    '1 record lost from record 5 on: the log overran its reader',
    { kind: 'loss', lost: 1, fromSeq: 5 },
  ],
  [
    '4096 records lost from record 5 on: the log overran its reader',
    { kind: 'loss', lost: 4096, fromSeq: 5 },
  ],
  [
    'record 5 imitates the OOM killer but user space wrote it, rejected: Out of memory: Killed process 1',
    { kind: 'forged', seq: 5, text: 'Out of memory: Killed process 1' },
  ],
  [
    "the format dmesg carries no priorities: lines that user space forged cannot be distinguished from the kernel's",
    { kind: 'priorities', format: 'dmesg' },
  ],
  ['otlp: it failed \\x1b', { kind: 'sink', sink: 'otlp', sentence: 'it failed \x1b' }],
  ['0 kills, 0 forged records, 0 lost records', summary],
  [
    '1 kill, 1 forged record, 1 lost record, since the watch began the kernel counted 1 kill, 0 unaccounted',
    { ...summary, kills: 1, forged: 1, lost: 1, kernelKills: 1, unaccounted: 0 },
  ],
])('%s', (sentence, notice) => {
  expect(noticeSentence(notice)).toBe(sentence);
});

test('the summary of a file counts every line that could not be read whole', () => {
  const text = noticeSentence({
    ...summary,
    kills: 2,
    file: 'messages',
    format: 'syslog-iso',
    rejected: 1,
    truncated: 2,
    withheld: 3,
  });
  expect(text).toMatch(/^messages \(syslog-iso\): 2 kills, /);
  expect(text).toContain('1 unreadable line, 2 truncated lines, 3 lines that journalctl left out');
});

test('a count of nothing is left out where it would only be noise', () => {
  const text = noticeSentence({ ...summary, rejected: 0, truncated: 0, withheld: 0 });
  expect(text).toBe('0 kills, 0 forged records, 0 lost records');
});
