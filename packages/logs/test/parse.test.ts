import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleCapture, sampleKills, sampleNames } from '@oomwatcher/oom/testing';
import { expect, test } from 'vitest';
import { type ParseInput, type ParseSummary, parse } from '../src/parse.js';

const path = join(import.meta.dirname, '../../oom/test/fixtures/6.1.0-56--a-single.kmsg');
const bytes = readFileSync(path);

async function parsed(input: ParseInput) {
  const kills: (number | undefined)[] = [];
  const events = parse(input);
  for (;;) {
    const { value, done } = await events.next();
    if (done) return { kills, summary: value as ParseSummary };
    if (value.kind === 'kill') kills.push(value.kill.victim?.pid);
  }
}

async function* pieces(size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function* texts() {
  for (const line of bytes.toString('latin1').split('\n')) yield `${line}\n`;
}

test.each<[string, ParseInput]>([
  ['a path', { path }],
  ['bytes', bytes],
  ['text', { text: bytes.toString('latin1') }],
  ['a stream of bytes', pieces(1000)],
  ['a stream of text', texts()],
])('the kill is found in %s', async (_, input) => {
  const { kills, summary } = await parsed(input);
  expect(kills).toEqual([expect.any(Number)]);
  expect(summary).toMatchObject({ format: 'kmsg', tellsForgeries: true, stats: { lost: 0 } });
});

test.each<[string, unknown]>([
  ['a file that is not there', { path: '/no/such/log' }],
  ['nothing', {}],
])('%s is an error with a code', async (_, input) => {
  await expect(parsed(input as ParseInput)).rejects.toMatchObject({ code: 'ERR_LOG_INPUT' });
});

test.each(sampleNames)(
  'the sample %s of @oomwatcher/oom/testing is what parse says of its capture',
  async (name) => {
    const kills = [];
    for await (const event of parse(sampleCapture(name)))
      if (event.kind === 'kill') kills.push(event.kill);
    expect(kills).toEqual(sampleKills(name));
  },
);
