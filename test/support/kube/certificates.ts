import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of PEM files. */
export interface KeyPair {
  certificate: string;
  key: string;
}

export interface Certificates {
  /** Signs the others; what a client trusts. */
  ca: string;
  /** For 127.0.0.1, localhost and the address that pods find it at. */
  server: KeyPair;
  /** Of the group system:masters. */
  admin: KeyPair;
  /** Signs and checks the tokens of ServiceAccounts. */
  serviceAccountKey: string;
}

/** The first of the service range: the API server's own Service, as pods see it. */
export const serviceAddress = '10.0.0.1';

/** Makes what an API server on loopback needs, valid for a day. */
export function makeCertificates(folder: string): Certificates {
  const path = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  const newKey = (name: string) => {
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', path(name));
    return path(name);
  };
  const caKey = newKey('ca.key');
  const ca = path('ca.crt');
  openssl('req', '-x509', '-new', '-key', caKey, '-days', '1', '-subj', '/CN=test-ca', '-out', ca);

  const signed = (name: string, subject: string, extensions: string): KeyPair => {
    const key = newKey(`${name}.key`);
    const request = path(`${name}.csr`);
    const certificate = path(`${name}.crt`);
    writeFileSync(path(`${name}.ext`), extensions);
    openssl('req', '-new', '-key', key, '-subj', subject, '-out', request);
    openssl(
      ...['x509', '-req', '-in', request, '-CA', ca, '-CAkey', caKey, '-CAcreateserial'],
      ...['-days', '1', '-extfile', path(`${name}.ext`), '-out', certificate],
    );
    return { certificate, key };
  };
  return {
    ca,
    server: signed(
      'server',
      '/CN=localhost',
      `subjectAltName=IP:127.0.0.1,IP:${serviceAddress},DNS:localhost`,
    ),
    admin: signed('admin', '/O=system:masters/CN=admin', 'extendedKeyUsage=clientAuth'),
    serviceAccountKey: newKey('service-account.key'),
  };
}

/** A PEM file as a kubeconfig carries it. */
export function base64File(path: string): string {
  return readFileSync(path).toString('base64');
}
