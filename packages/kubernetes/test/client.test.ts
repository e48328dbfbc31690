import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { ApiClient } from '../src/client.js';
import { loadConfiguration } from '../src/configuration.js';
import { HttpApi, no } from './support/http-api.js';

// Other tests load the machine.

function clientOf(api: HttpApi, user?: object): ApiClient {
  const kubeconfig = api.kubeconfig(user);
  return new ApiClient(() => loadConfiguration({ kubeconfig }), '1');
}

const get = { method: 'GET', path: '/api/v1/nodes/n1' } as const;

describe('an answer', () => {
  test('that is not JSON is nobody’s word, and what it holds is not shown', async () => {
    const api = await HttpApi.start();
    api.meddle = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>secrets</h1>');
      return true;
    };
    const answer = await clientOf(api).request(get);
    expect(answer).toEqual({ status: 200, body: undefined, contentType: 'text/html' });
  });

  test('of more than its request can have is refused, and is not read on', async () => {
    const api = await HttpApi.start();
    let sent = 0;
    api.meddle = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 32))) sent += 65_536;
        if (!response.destroyed) response.once('drain', more);
      };
      more();
      return true;
    };
    const asked = clientOf(api).request({ ...get, maxBytes: 300_000 });
    await expect(asked).rejects.toMatchObject({
      code: 'ERR_BODY_TOO_LARGE',
      message: expect.stringContaining('an answer of more than 300000 bytes'),
    });
    // What sockets hold.
    expect(sent).toBeLessThan(20_000_000);
  });

  test('that says no counts by its status, however long the page is that comes with it', async () => {
    const api = await HttpApi.start();
    api.meddle = (_, response) => {
      response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '7' });
      response.end(Buffer.alloc(1_000_000, 32));
      return true;
    };
    expect(await clientOf(api).request(get)).toMatchObject({ status: 503, retryAfterMs: 7_000 });
  });

  test.each([
    ['', 'is cut'],
    ['{"kind":"No', 'is cut'],
    ['[1,', 'is cut'],
  ])('that ends too early is an error: %j', async (body, said) => {
    const api = await HttpApi.start();
    api.meddle = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
      return true;
    };
    await expect(clientOf(api).request(get)).rejects.toThrow(said);
  });

  test('that trickles costs the time that a request may take', async () => {
    const api = await HttpApi.start();
    api.meddle = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(timer));
      return true;
    };
    const asked = clientOf(api).request({ ...get, timeoutMs: 200 });
    await expect(asked).rejects.toThrow('does not answer (no answer in 0.2 s)');
  });
});

describe('a watch', () => {
  async function watchOf(api: HttpApi, timeoutMs = 60_000) {
    return clientOf(api).watch('/watch', new AbortController().signal, timeoutMs);
  }

  test('is answered before its first line', async () => {
    const api = await HttpApi.start();
    api.meddle = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      return true;
    };
    expect(await watchOf(api)).toHaveProperty('lines');
  });

  test('that nobody answers ends after the time of a request', async () => {
    const api = await HttpApi.start();
    api.meddle = () => true;
    await expect(watchOf(api, 150)).rejects.toThrow('no answer in 0.15 s');
  });

  test('that is refused says for how long', async () => {
    const api = await HttpApi.start();
    api.meddle = (_, response) => {
      no(response, 429, {}, { 'retry-after': '3' });
      return true;
    };
    expect(await watchOf(api)).toMatchObject({ refused: { status: 429, retryAfterMs: 3_000 } });
  });

  test('reads a line that comes byte by byte, and one among many in a piece', async () => {
    const api = await HttpApi.start();
    const text = '{"a":1}\n{"b":2}\n{"c":3}\n';
    api.meddle = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      const send = async () => {
        for (const byte of text) {
          response.write(byte);
          await sleep(1);
        }
        response.end(text);
      };
      void send();
      return true;
    };
    const watch = await watchOf(api);
    const objects: unknown[] = [];
    if ('lines' in watch) for await (const object of watch.lines) objects.push(object);
    expect(objects).toEqual([{ a: 1 }, { b: 2 }, { c: 3 }, { a: 1 }, { b: 2 }, { c: 3 }]);
  });

  test.each([
    ['a line without an end', Buffer.alloc(65_536, 32)],
    ['line after line', Buffer.from(`${' '.repeat(1_000)}{}\n`.repeat(65))],
  ])('does not fill the memory with %s', async (_, piece) => {
    const api = await HttpApi.start();
    let sent = 0;
    api.meddle = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        while (!response.destroyed && response.write(piece)) sent += piece.length;
        if (!response.destroyed) response.once('drain', more);
      };
      more();
      return true;
    };
    const ending = new AbortController();
    const watch = await clientOf(api).watch('/watch', ending.signal);
    const read = async () => {
      if ('lines' in watch) for await (const _ of watch.lines);
    };
    const reading = expect(read()).rejects.toThrow();
    const begunMs = performance.now();
    await sleep(700);
    ending.abort();
    await reading;
    // The burst, a second's, and what sockets hold; a busy machine takes longer.
    const seconds = (performance.now() - begunMs) / 1000;
    expect(sent).toBeLessThan(30_000_000 * Math.max(1, seconds));
  });
});

describe('what the agent proves itself with', () => {
  const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZ2VudCJ9.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg';

  test('is sent without the newline that a token’s file ends with', async () => {
    const api = await HttpApi.start();
    const file = join(temporaryFolder(), 'token');
    writeFileSync(file, `${token}\n`);
    for (const user of [{ tokenFile: file }, { 'token-file': file }, { token: `${token}\n` }]) {
      expect(await clientOf(api, user).request(get)).toMatchObject({ status: 200 });
      expect(api.asked.at(-1)?.headers.authorization).toBe(`Bearer ${token}`);
    }
  });

  test('is read again from its file, which a token that rotates comes in', async () => {
    const api = await HttpApi.start();
    const file = join(temporaryFolder(), 'token');
    writeFileSync(file, 'first');
    const client = clientOf(api, { tokenFile: file });
    await client.request(get);
    writeFileSync(file, 'second');
    api.meddle = ({ headers }, response) => {
      if (headers.authorization !== 'Bearer first') return false;
      no(response, 401);
      return true;
    };
    expect((await client.request(get)).status).toBe(401);
    expect((await client.request(get)).status).toBe(200);
  });

  test('is refused with the remedy where no header can hold it', async () => {
    const api = await HttpApi.start();
    const asked = clientOf(api, { token: `a\n${token}` }).request(get);
    await expect(asked).rejects.toThrow(
      'the token holds characters that no header may have: check the kubeconfig',
    );
    expect(api.asked).toHaveLength(0);
  });

  test.each([
    { token },
    { username: 'agent', password: 'correct horse battery' },
    { exec: { command: '/bin/echo', args: [JSON.stringify({ status: { token } })] } },
  ])('is in no word of ours, whatever a server repeats (%j)', async (user) => {
    const api = await HttpApi.start();
    const client = clientOf(api, user);
    api.meddle = ({ headers }, response) => {
      const said = JSON.stringify(headers);
      const cut = String(headers.authorization).slice(3, 33);
      response.writeHead(200, { 'content-type': `text/html; ${headers.authorization}` });
      response.end(`${said} ${cut}`);
      return true;
    };
    const { contentType } = await client.request(get);
    const { authorization = '' } = api.asked[0]?.headers ?? {};
    expect(authorization.length).toBeGreaterThan(20);
    const everything = [contentType, client.conceal(`x ${authorization} y`)];
    // Cut, and in other forms.
    everything.push(client.conceal(authorization.slice(9, 30)));
    everything.push(client.conceal(encodeURIComponent(authorization)));
    for (const said of everything) {
      for (let at = 7; at + 8 <= authorization.length; at++)
        expect(said).not.toContain(authorization.slice(at, at + 8));
    }
    expect(client.conceal('create events in the namespace shop')).toBe(
      'create events in the namespace shop',
    );
  });

  test('is not in the server’s address as it is shown', async () => {
    const load = () =>
      loadConfiguration({
        kubeconfig: written({ server: 'https://agent:hunter2222@127.0.0.1:1/base?x=hunter2222' }),
      });
    const client = new ApiClient(load, '1');
    expect(client.server).toBe('https://127.0.0.1:1/base');
    const message = await client.request(get).catch(({ message }: Error) => message);
    expect(message).toContain('https://127.0.0.1:1/base does not answer');
    expect(message).not.toContain('hunter');
  });
});

function written(cluster: object): string {
  const file = join(temporaryFolder(), 'kubeconfig');
  writeFileSync(
    file,
    JSON.stringify({
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  );
  return file;
}

describe('an exec plug-in of the kubeconfig', () => {
  const script = (text: string) => ({ exec: { command: '/bin/sh', args: ['-c', text] } });

  test('that hangs costs a request its time, is reported, and holds up no end', async () => {
    const api = await HttpApi.start();
    // Of this run alone.
    const hanging = `sleep ${1_000_000 + process.pid}`;
    const client = clientOf(api, script(hanging));
    const ask = () => client.request({ ...get, timeoutMs: 100 }).catch(({ message }) => message);
    expect(await Promise.all([ask(), ask()])).toEqual(
      Array(2).fill(
        'the exec plug-in sh of the kubeconfig gives no credentials (nothing in 0.1 s): run it by hand to see why',
      ),
    );
    const ending = new AbortController();
    const asked = client.request({ ...get, signal: ending.signal });
    ending.abort();
    await expect(asked).rejects.toThrow();
    expect(api.asked).toHaveLength(0);
    // One for all who ask, and nothing that keeps this process.
    expect(children(`/bin/sh -c ${hanging}`)).toHaveLength(1);
    client.close();
    await expect.poll(() => children(hanging)).toEqual([]);
  });

  test.each([
    ['echo the-secret >&2; exit 3', '(exit code 3)'],
    ['echo the-secret', '(what it wrote is none)'],
    ['echo \'"the-secret"\'', '(what it wrote is none)'],
    ['echo \'{"status":{"token":{"a":"the-secret"}}}\'', ''],
    ['head -c 3000000 /dev/zero', '(it wrote more than a credential has)'],
    ['kill -9 $$', '(SIGKILL)'],
  ])('that goes wrong is reported without a word of its own: %s', async (text, why) => {
    const api = await HttpApi.start();
    const client = clientOf(api, script(text));
    const message = await client.request(get).then(
      () => '',
      ({ message }: Error) => message,
    );
    if (why !== '') expect(message).toContain(`the exec plug-in sh of the kubeconfig gives no`);
    expect(message).toContain(why);
    expect(message).not.toContain('the-secret');
  });

  test('that is not there is reported', async () => {
    const api = await HttpApi.start();
    const client = clientOf(api, { exec: { command: '/nowhere/aws' } });
    await expect(client.request(get)).rejects.toThrow(
      'plug-in aws of the kubeconfig gives no credentials (ENOENT)',
    );
  });

  test('gives the token that is sent', async () => {
    const api = await HttpApi.start();
    const client = clientOf(api, script('echo \'{"status":{"token":"made-by-it"}}\''));
    expect(await client.request(get)).toMatchObject({ status: 200 });
    expect(api.asked[0]?.headers.authorization).toBe('Bearer made-by-it');
  });
});

/** Processes of this one that run this. */
function children(command: string): string[] {
  const reported = spawnSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).stdout;
  return reported.split('\n').filter((line) => line.trim().endsWith(command));
}
