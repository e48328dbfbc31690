import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Kill } from '@oomwatcher/oom';
import { expect, onTestFinished, test } from 'vitest';
import { usedBytes } from '../../../../test/support/used-memory.ts';
import { killIndex, shownOf } from '../../../dashboard/src/api/kill-index.js';
import { killsOf, openJournal, record } from '../../../journal/test/support/journals.js';
import {
  invisible,
  knownOfKill,
  wholeKill,
  withHostileTexts,
} from '../../../oom/test/support/kills.js';
import { ExitCode } from '../../src/exit-codes.js';
import { listenRefusal, parseListen } from '../../src/http/address.js';
import { parameterNames } from '../../src/http/kill-queries.js';
import { readToken } from '../../src/http/token-file.js';
import { serve } from '../support/agent-states.js';

/** With a Host that fetch would not send. */
function statusWith(port: number, headers: Record<string, string>, path = '/'): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  request({ port, path, headers, agent: false }, (answer) => {
    answer.resume();
    resolve(answer.statusCode ?? 0);
  })
    .on('error', reject)
    .end();
  return promise;
}

// biome-ignore lint/suspicious/noExplicitAny: a test looks at what it expects
const bodyOf = async (answer: Response): Promise<any> => answer.json();

function open(port: number): Socket {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  onTestFinished(() => void socket.destroy());
  return socket;
}

test.each([
  ['127.0.0.1:8420', { host: '127.0.0.1', port: 8420 }],
  ['localhost:1', { host: '127.0.0.1', port: 1 }],
  ['[::1]:0', { host: '::1', port: 0 }],
  [':9', { host: '::', port: 9 }],
  ['none', 'none'],
])('--listen %s', (text, address) => expect(parseListen(text)).toEqual(address));

test.each(['8420', '127.0.0.1', 'host:80', '1.2.3.4:99999', '::1:80', '[x]:1', '1.2.3:5'])(
  '--listen %s is refused',
  (text) => expect(() => parseListen(text)).toThrow('Write it as'),
);

test('a page of another name that leads here is not answered (DNS rebinding)', async () => {
  const { port } = await serve();
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1.evil.example',
    'localhost.x',
  ]) {
    expect(await statusWith(port, { host })).toBe(421);
    expect(await statusWith(port, { host }, '/metrics')).toBe(421);
  }
  for (const host of ['localhost', `localhost:${port}`, '127.0.0.1:1', '[::1]:7']) {
    expect(await statusWith(port, { host })).toBe(200);
  }
});

test('at another address metrics and health are for all, the rest only for who has the token', async () => {
  const token = 'a-token-of-16-chars';
  const listen = { host: '::', port: 0 };
  const { port } = await serve({ token, listen });
  const basic = (password: string) => `Basic ${Buffer.from(`x:${password}`).toString('base64')}`;
  for (const path of ['/metrics', '/healthz', '/readyz']) {
    expect(await statusWith(port, {}, path)).toBe(200);
  }
  for (const path of ['/', '/api/v1/kills', '/api/v1/events', '/api/v1/status']) {
    expect(await statusWith(port, {}, path)).toBe(401);
    for (const authorization of ['Bearer wrong', basic('wrong'), 'Bearer', `Digest ${token}`]) {
      expect(await statusWith(port, { authorization }, path)).toBe(401);
    }
  }
  expect(await statusWith(port, { authorization: `Bearer ${token}` })).toBe(200);
  expect(await statusWith(port, { authorization: basic(token) }, '/api/v1/status')).toBe(200);
  const { port: closed } = await serve({ listen });
  expect(await statusWith(closed, { authorization: 'Bearer undefined' })).toBe(403);
});

test('a page that is refused to everybody is not announced', async () => {
  const listen = { host: '::', port: 0 };
  expect((await serve({ listen })).sentence).toMatch(
    /^metrics and health: http:.*; no dashboard there without --token-file/,
  );
  expect((await serve({ listen, token: 'a-token-of-16-chars' })).sentence).toMatch(/^dashboard: /);
  expect((await serve({})).sentence).toMatch(/^dashboard: /);
});

test('every answer forbids scripts of others, frames and guesses', async () => {
  const { ask } = await serve();
  for (const path of ['/', '/api/v1/status', '/nothing', '/metrics']) {
    const { headers } = await ask(path);
    expect(headers.get('content-security-policy')).toMatch(
      /default-src 'none'; script-src 'self'.*frame-ancestors 'none'/,
    );
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe|https?:/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  }
});

test('kills are given page by page, each once', async () => {
  const journal = openJournal();
  record(journal, killsOf(1, 450, knownOfKill));
  const { ask } = await serve({ journal });
  const rows: number[] = [];
  for (let path = '/api/v1/kills?name=nginx'; path !== ''; ) {
    const { kills, next } = await bodyOf(await ask(path));
    rows.push(...kills.map(({ row }: { row: number }) => row));
    path = next === undefined ? '' : `/api/v1/kills?name=nginx&before=${next}`;
  }
  expect(rows).toEqual(Array.from({ length: 450 }, (_, i) => 450 - i));
  const index = await bodyOf(await ask('/api/v1/index?limit=10'));
  expect(index).toMatchObject({ next: 441, pid: Array(10).fill(4242) });
  expect(index.texts[index.name[0]]).toBe('nginx');
  expect((await ask('/api/v1/kills/450')).status).toBe(200);
  expect((await ask('/api/v1/kills/451')).status).toBe(404);
  for (const query of ['before=-1', 'limit=x', 'colour=red', 'since=1e9']) {
    expect((await ask(`/api/v1/kills?${query}`)).status).toBe(400);
  }
});

test('kills are asked for by workload, as people name it', async () => {
  const journal = openJournal();
  const owned = (name: string): Partial<Kill> => ({
    pod: { uid: 'u', namespace: 'shop', name: `${name}-1`, owner: { kind: 'Deployment', name } },
  });
  const kills = killsOf(1, 6, knownOfKill);
  record(
    journal,
    kills.map((kill, i) => ({ ...kill, ...owned(i < 4 ? 'checkout' : 'search') })),
  );
  const { ask } = await serve({ journal });
  const rowsOf = async (words: string) => {
    const path = `/api/v1/kills?limit=3&workload=${encodeURIComponent(words)}`;
    const { kills } = await bodyOf(await ask(path));
    return kills.map(({ row }: { row: number }) => row);
  };
  for (const words of ['checkout', 'shop/checkout', 'deployment shop/checkout']) {
    expect(await rowsOf(words), words).toEqual([4, 3, 2]);
  }
  expect(await rowsOf('nobody')).toEqual([]);
  expect((await bodyOf(await ask('/api/v1/index?workload=search'))).row).toEqual([6, 5]);
});

test('every parameter of a question is in docs/http-api.md, and no other', () => {
  const page = readFileSync(new URL('../../../../docs/http-api.md', import.meta.url), 'utf8');
  const table = page.slice(page.indexOf('| parameter |'));
  const rows = [...table.matchAll(/^\| (`.*?`) \| /gm)].map(([, names]) => names as string);
  const named = rows.flatMap((names) => [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  expect(named.sort()).toEqual([...parameterNames].sort());
});

test('lists of what is stored unread are what the records say, whatever their names hold', async () => {
  const journal = openJournal();
  const pods = [{ uid: 'u' }, { uid: 'u', namespace: 'a', name: 'b', container: 'c' }];
  record(journal, [
    ...killsOf(1, 1),
    ...pods.flatMap((pod, i) => killsOf(2 + i, 1, { ...knownOfKill, pod })),
    // A name is decoded from bytes: half a character of UTF-16 is the only thing that cannot be in it.
    JSON.parse(JSON.stringify(withHostileTexts(wholeKill)).replaceAll('\\ud800', '\\u0000')),
  ]);
  const { ask } = await serve({ journal });
  const stored = journal.find({ limit: 9 });
  const kills = await (await ask('/api/v1/kills')).text();
  expect(JSON.parse(kills)).toEqual({ kills: stored });
  expect(kills.trimEnd()).not.toMatch(invisible);
  expect(await bodyOf(await ask('/api/v1/index'))).toEqual(killIndex(stored.map(shownOf)));
});

test('the kernel’s own lines are given with one kill, and in no list', async () => {
  const journal = openJournal();
  const kills = killsOf(1, 2, knownOfKill);
  const reports = new Map([['b:1', { lines: ['a line'], leftOut: { count: 3, after: 1 } }]]);
  journal.append({ kills, cursor: undefined, tallies: {}, reports });
  const { ask } = await serve({ journal });
  expect(await bodyOf(await ask('/api/v1/kills/1'))).toMatchObject({
    row: 1,
    kill: kills[0],
    report: { lines: ['a line'], leftOut: { count: 3, after: 1 } },
  });
  expect(await bodyOf(await ask('/api/v1/kills/2'))).not.toHaveProperty('report');
  expect(await (await ask('/api/v1/kills')).text()).not.toContain('a line');
  expect(await (await ask('/api/v1/index')).text()).not.toContain('a line');
});

test('what is no request of a browser is refused, and others are served', async () => {
  const { ask, port } = await serve();
  const attacks = [
    'GET',
    '\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'GET //x HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'GET http://[/ HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'GET /api/v1/kills/99999999999999999999 HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'GET /%00%ff/../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'GET /__proto__ HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'GET /constructor HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n',
    'OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n',
    'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nx',
    `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`,
    `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: localhost\r\n${'A: b\r\n'.repeat(5000)}\r\n`,
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    '\x00'.repeat(5000),
  ];
  for (const method of ['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'M-SEARCH']) {
    attacks.push(`${method} / HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  }
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  for (let i = 0; i < 400; i++) {
    const text = attacks[random(attacks.length)] as string;
    const at = random(Math.min(text.length, 200));
    attacks.push(text.slice(0, at) + String.fromCharCode(random(256)) + text.slice(at + random(3)));
  }
  for (const attack of attacks) {
    const socket = open(port);
    socket.end(Buffer.from(attack, 'latin1'));
    socket.resume();
  }
  for (let i = 0; i < 20; i++) expect((await ask('/healthz')).status).toBe(200);
});

test('1,000 connections that say nothing, or too slowly, keep nobody out', async () => {
  const journal = openJournal();
  record(journal, killsOf(1, 1000, knownOfKill));
  const { ask, port } = await serve({ journal });
  const before = usedBytes();
  const sockets = Array.from({ length: 1000 }, (_, i) => {
    const socket = open(port);
    if (i % 3 === 1) socket.write('GET / HTTP/1.1\r\nHost: loc');
    // Asks for much and reads nothing of it.
    if (i % 3 === 2) {
      socket.write('GET /api/v1/kills HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(3));
      socket.pause();
    }
    return socket;
  });
  for (let i = 0; i < 30; i++) {
    const answer = await ask('/api/v1/kills?limit=5');
    expect((await bodyOf(answer)).kills).toHaveLength(5);
    expect((await ask('/metrics')).status).toBe(200);
  }
  // These sockets and their answers are in this process too.
  await expect.poll(() => usedBytes() - before).toBeLessThan(150 * 1024 * 1024);
  for (const socket of sockets) socket.destroy();
});

test('an address that cannot be had is one sentence with the remedy', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await expect(serve({ listen: { host: '127.0.0.1', port } })).rejects.toThrow(
    `cannot listen at http://127.0.0.1:${port} (EADDRINUSE): end the program that has the port, or name another one with --listen`,
  );
  // Of the documentation's addresses (RFC 5737): no machine has it.
  await expect(serve({ listen: { host: '192.0.2.1', port: 0 } })).rejects.toThrow(
    '(EADDRNOTAVAIL): name an address of this machine with --listen',
  );
  const error = Object.assign(new Error(), { code: 'EACCES' });
  expect(listenRefusal({ host: '::', port: 80 }, error)).toMatchObject({
    exitCode: ExitCode.notAllowed,
    message: expect.stringMatching(/^cannot listen at http:\/\/\[::\]:80 \(EACCES\): grant /),
  });
});

test('a token file that cannot be read is named, with what to check', () => {
  for (const [path, code] of [
    ['/no/such/token', 'ENOENT'],
    ['/', 'EISDIR'],
  ] as const) {
    expect(() => readToken(path)).toThrow(
      `cannot read the token file ${path} (${code}): check what --token-file names and its permissions`,
    );
  }
});
