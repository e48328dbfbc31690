import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { serve } from '../support/agent-states.js';

/** A connection, and what has come back on it. */
function open(port: number): { socket: Socket; text: () => string } {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  onTestFinished(() => void socket.destroy());
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  return { socket, text: () => text };
}

const statuses = (text: string) =>
  [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => Number(code));

test('pipelined requests are all answered, in their order, however their bytes are cut', async () => {
  const { port } = await serve();
  const asked = ['/healthz', '/nothing', '/metrics', '/api/v1/kills?limit=x', '/'];
  const expected = [200, 404, 200, 400, 200];
  const bytes = asked.map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join('');
  for (const piece of [1, 2, 3, 7, 40, bytes.length]) {
    const { socket, text } = open(port);
    socket.setNoDelay(true);
    for (let at = 0; at < bytes.length; at += piece) {
      socket.write(bytes.slice(at, at + piece));
      if (piece < 10 && at % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => statuses(text())).toEqual(expected);
  }
});

test('what comes behind a body is not answered: the connection is closed', async () => {
  const { port } = await serve();
  const { socket, text } = open(port);
  socket.write(
    'GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n',
  );
  await new Promise((resolve) => socket.once('close', resolve));
  expect(statuses(text())).toEqual([200]);
});

test.each([
  ['two Host headers', 'Host: localhost\r\nHost: evil.example\r\n', 400],
  ['a page of another site', 'Host: localhost\r\nOrigin: http://evil.example\r\n', 403],
  ['a page that hides where it is from', 'Host: localhost\r\nOrigin: null\r\n', 403],
  [
    'a script of another site',
    'Host: localhost\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n',
    403,
  ],
  [
    'a frame of another site',
    'Host: localhost\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n',
    403,
  ],
  [
    'a link on another site',
    'Host: localhost\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n',
    200,
  ],
  [
    'the page itself',
    'Host: localhost\r\nOrigin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n',
    200,
  ],
  ['the address bar', 'Host: localhost\r\nSec-Fetch-Site: none\r\n', 200],
])('a request of %s', async (_, headers, status) => {
  const { port } = await serve();
  const { socket, text } = open(port);
  socket.end(`GET / HTTP/1.1\r\n${headers}\r\n`);
  await expect.poll(() => statuses(text())).toEqual([status]);
});

test('a request that meets a failure in the journal is one answer 500, and the next is served', async () => {
  const { port, journal, ask } = await serve();
  // What begins with the service has begun.
  await ask('/healthz');
  journal.store.read = () => {
    // Only once.
    Reflect.deleteProperty(journal.store, 'read');
    throw new TypeError('something nobody thought of');
  };
  const { socket, text } = open(port);
  socket.write('GET /api/v1/kills HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await expect.poll(() => statuses(text())).toEqual([500]);
  expect((await ask('/api/v1/kills')).status).toBe(200);
});
