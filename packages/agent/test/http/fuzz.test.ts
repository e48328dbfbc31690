import { connect } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { killsOf, openJournal, record } from '../../../journal/test/support/journals.js';
import { invisible, knownOfKill } from '../../../oom/test/support/kills.js';
import { serve } from '../support/agent-states.js';

/** What the server answers at all. Anything else, 500 above all, is a defect. */
const statuses = new Set([200, 400, 404, 405, 408, 413, 417, 421, 431, 503]);

const paths = [
  ...['/', '/metrics', '/healthz', '/readyz', '/api/v1/status', '/api/v1/account'],
  ...[
    '/api/v1/kills',
    '/api/v1/kills/1',
    '/api/v1/kills/x',
    '/api/v1/index',
    '/api/v1/events',
    '/nothing',
  ],
];
const parameters = ['since', 'until', 'before', 'limit', 'name', 'pod', 'scope', 'after', 'x'];
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'PRI'];
const names = [
  ...['Host', 'Last-Event-ID', 'Authorization', 'Content-Length', 'Transfer-Encoding', 'Expect'],
  ...['Range', 'Connection', 'Upgrade', 'If-None-Match', 'Cookie', 'Accept-Encoding', 'TE'],
];

/** One character a byte, control characters and line ends among them. */
const bytes = fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)) });
const mostly = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: usual, weight: 12 }, { arbitrary: rare, weight: 1 });

const query = fc
  .array(
    fc.tuple(mostly(fc.constantFrom(...parameters), bytes), mostly(fc.nat().map(String), bytes)),
  )
  .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&'));
const target = fc
  .tuple(mostly(fc.constantFrom(...paths), bytes), mostly(fc.constant(''), bytes), query)
  .map(([path, more, asked]) => `${path}${more}${asked === '' ? '' : `?${asked}`}`);
const header = fc
  .tuple(
    mostly(fc.constantFrom(...names), bytes),
    mostly(fc.constantFrom('1', 'x', 'close'), bytes),
  )
  .map(([name, value]) => `${name}: ${value}\r\n`);
const request = fc
  .record({
    method: mostly(fc.constantFrom(...methods), bytes),
    target,
    version: mostly(fc.constant('HTTP/1.1'), bytes),
    host: mostly(fc.constant('Host: 127.0.0.1\r\n'), fc.constant('')),
    headers: fc.array(header, { maxLength: 6 }),
    body: mostly(fc.constant(''), bytes),
  })
  .map(
    ({ method, target, version, host, headers, body }) =>
      `${method} ${target} ${version}\r\n${host}${headers.join('')}\r\n${body}`,
  );

/** What comes back, latin1; of an answer without an end what there is after a moment. */
function exchange(port: number, text: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  let answered = '';
  const done = () => {
    socket.destroy();
    resolve(answered);
  };
  socket
    .on('data', (chunk) => {
      answered += chunk;
    })
    .on('error', () => {})
    .on('close', done)
    .setTimeout(100, done)
    .end(Buffer.from(text, 'latin1'));
  return promise;
}

test('whatever is asked is answered, or the connection closed, and never with a failure', async () => {
  const journal = openJournal();
  record(journal, killsOf(1, 20, knownOfKill));
  const { port, ask } = await serve({ journal });
  const seen = new Set<number>();
  await fc.assert(
    fc.asyncProperty(request, async (text) => {
      const answered = await exchange(port, text);
      if (answered === '') return;
      const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(answered) ?? [];
      expect(statuses, answered.slice(0, 200)).toContain(Number(status));
      seen.add(Number(status));
      expect(answered.replaceAll('\r\n', '')).not.toMatch(invisible);
      if (/^content-type: application\/json/im.test(answered)) {
        expect(answered).toMatch(/^x-content-type-options: nosniff/im);
      }
    }),
    { numRuns: 1500 },
  );
  expect([...seen], 'it came through to the routes').toEqual(
    expect.arrayContaining([200, 400, 404, 405]),
  );
  expect((await ask('/healthz')).status).toBe(200);
});

test('a request that dribbles in is not waited for', async () => {
  const { port } = await serve();
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  const dribble = setInterval(() => socket.write('x'), 200);
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nX: ');
  await new Promise((resolve) => socket.resume().once('close', resolve));
  clearInterval(dribble);
});
