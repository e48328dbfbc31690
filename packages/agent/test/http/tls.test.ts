import { execFileSync } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../kmsg/test/support/temporary.js';
import { buildProgram } from '../../src/cli/program.js';
import type { CertificateFiles } from '../../src/http/certificate.js';
import type { WebOptions } from '../../src/http/web-service.js';
import { serve } from '../support/agent-states.js';

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
})();

/** A certificate of its own name, as files that are put in the place of those of before. */
function certificate(folder: string, name: string): CertificateFiles {
  const files = { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') };
  const made = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-days', '1', '-subj', `/CN=${name}`, '-keyout', made.key, '-out', made.cert],
    ],
    { stdio: 'pipe' },
  );
  renameSync(made.key, files.key);
  renameSync(made.cert, files.cert);
  return files;
}

/** What is answered, and by whom. */
function ask(port: number, path: string, headers = {}): Promise<{ status: number; name: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; name: string }>();
  get(
    { port, path, headers, host: '127.0.0.1', agent: false, rejectUnauthorized: false },
    (answer) => {
      const { socket } = answer as unknown as { socket: ReturnType<typeof connect> };
      const name = String(socket.getPeerCertificate().subject.CN);
      answer.resume().on('end', () => resolve({ status: answer.statusCode ?? 0, name }));
    },
  ).on('error', reject);
  return promise;
}

const withTls = (tls: CertificateFiles, more: WebOptions = {}) =>
  serve({ tls: { ...tls, reloadEveryMs: 20 }, ...more });

const tests = hasOpenssl ? test : test.skip;

tests(
  'a token goes under TLS, and a certificate that is replaced is the next connection’s',
  async () => {
    const folder = temporaryFolder();
    const token = 'a-token-of-16-chars';
    const { url, port } = await withTls(certificate(folder, 'first'), {
      token,
      listen: { host: '0.0.0.0', port: 0 },
    });
    expect(url).toMatch(/^https:/);
    const authorization = `Bearer ${token}`;
    expect(await ask(port, '/api/v1/status')).toEqual({ status: 401, name: 'first' });
    expect(await ask(port, '/api/v1/status', { authorization })).toEqual({
      status: 200,
      name: 'first',
    });
    certificate(folder, 'second');
    await expect.poll(async () => (await ask(port, '/healthz')).name).toBe('second');
  },
);

tests(
  'half a certificate, or none, leaves the one of before in use, and is reported once',
  async () => {
    const folder = temporaryFolder();
    const files = certificate(folder, 'first');
    const { followCertificate, readCertificate } = await import('../../src/http/certificate.js');
    const used: unknown[] = [];
    const reported: string[] = [];
    const end = followCertificate(
      files,
      readCertificate(files),
      (each) => used.push(each),
      (sentence) => reported.push(sentence),
      5,
    );
    onTestFinished(end);
    writeFileSync(files.cert, 'half');
    await expect.poll(() => reported).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(reported).toEqual([
      expect.stringMatching(/before stays in use: .*no certificate with its key/),
    ]);
    expect(used).toEqual([]);
    certificate(folder, 'second');
    await expect.poll(() => used).toHaveLength(1);
  },
);

tests('connections that never finish their handshake keep nobody out', async () => {
  const { port } = await withTls(certificate(temporaryFolder(), 'first'));
  const sockets = Array.from({ length: 600 }, (_, i) => {
    const socket = connectTcp(port, '127.0.0.1').on('error', () => {});
    if (i % 2 === 0) socket.write('\x16\x03\x01');
    onTestFinished(() => void socket.destroy());
    return socket;
  });
  for (let i = 0; i < 5; i++) expect((await ask(port, '/healthz')).status).toBe(200);
  for (const socket of sockets) socket.destroy();
});

tests('requests that are pipelined under TLS are answered one after the other', async () => {
  const { port } = await withTls(certificate(temporaryFolder(), 'first'));
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  onTestFinished(() => void socket.destroy());
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(50));
  await expect.poll(() => text.split('HTTP/1.1 200').length - 1).toBe(50);
});

test('files that are no certificate are one sentence with the remedy', async () => {
  const folder = temporaryFolder();
  const cert = join(folder, 'x');
  await expect(serve({ tls: { cert, key: cert } })).rejects.toThrow(
    `cannot read ${cert} (ENOENT): check what --tls-cert names and its permissions`,
  );
  writeFileSync(cert, 'x');
  await expect(serve({ tls: { cert, key: cert } })).rejects.toThrow(
    /are no certificate with its key .*--tls-cert and --tls-key/,
  );
});

test('one of the two files alone is a mistake on the command line', async () => {
  const args = ['run', '--tls-cert', '/x'];
  await expect(buildProgram(args).parseAsync(args, { from: 'user' })).rejects.toThrow(
    '--tls-cert and --tls-key belong together',
  );
});
