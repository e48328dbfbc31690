import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { fileAnswer } from '../../src/http/page-file.js';
import { serve } from '../support/agent-states.js';

const text = '<!doctype html>';
const file = { type: 'text/html', gzip: gzipSync(text).toString('base64') };

test.each(['gzip', 'gzip, deflate, br, zstd', 'br , GZIP;q=0.5', '*', 'br;q=1, *;q=0.1'])(
  'a browser that accepts %s gets the page packed',
  (accepted) => {
    const { body, headers } = fileAnswer(file, accepted);
    expect(headers).toEqual({ Vary: 'Accept-Encoding', 'Content-Encoding': 'gzip' });
    expect(gunzipSync(body).toString()).toBe(text);
  },
);

test.each([undefined, '', 'identity', 'br', 'gzip;q=0', 'gzip; q=0.000, *', '*;q=0', 'xgzip'])(
  'who accepts %s can read the page without unpacking it',
  (accepted) => {
    const { body, headers } = fileAnswer(file, accepted);
    expect(headers).toEqual({ Vary: 'Accept-Encoding' });
    expect(String(body)).toBe(text);
  },
);

test('the page is decoded once, not at each request', () => {
  expect(fileAnswer(file, 'gzip').body).toBe(fileAnswer(file, 'gzip').body);
});

test.each([
  ['GET', 'gzip'],
  ['HEAD', 'gzip'],
  ['GET', 'identity'],
])('%s of the page as %s has the length of what is sent', async (method, accepted) => {
  const { port } = await serve();
  const { promise, resolve, reject } = Promise.withResolvers<[number, number]>();
  const headers = { 'accept-encoding': accepted };
  request({ port, path: '/', method, headers, agent: false }, async (answer) => {
    resolve([Number(answer.headers['content-length']), (await buffer(answer)).length]);
  })
    .on('error', reject)
    .end();
  const [said, sent] = await promise;
  const length = accepted === 'gzip' ? gzipSync(text).length : text.length;
  expect(said).toBe(length);
  expect(sent).toBe(method === 'HEAD' ? 0 : length);
});
