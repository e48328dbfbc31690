import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { Refusal } from '../refusal.js';

/** PEM files of a certificate, with those that signed it, and of its key. */
export interface CertificateFiles {
  cert: string;
  key: string;
}

export interface Certificate {
  cert: Buffer;
  key: Buffer;
}

/** How often the files are looked at: a Secret of Kubernetes, and certbot, put new ones in their place. */
const reloadEveryMs = 30_000;

/** What is in the files. @throws Refusal when they are no certificate with its key */
export function readCertificate({ cert, key }: CertificateFiles): Certificate {
  const read = { cert: contentOf(cert, '--tls-cert'), key: contentOf(key, '--tls-key') };
  try {
    createSecureContext(read);
    return read;
  } catch (error) {
    throw new Refusal(
      `${cert} and ${key} are no certificate with its key (${(error as Error).message}): name PEM files with --tls-cert and --tls-key`,
    );
  }
}

/**
 * Calls `use` with every new certificate that the files hold. Between the two files of a pair a moment may pass: what
 * does not fit is reported once, the certificate of before stays, and the files are looked at again. Returns what ends it.
 */
export function followCertificate(
  files: CertificateFiles,
  first: Certificate,
  use: (certificate: Certificate) => void,
  report: (sentence: string) => void,
  everyMs = reloadEveryMs,
): () => void {
  let current = first;
  let reported: string | undefined;
  const timer = setInterval(() => {
    try {
      const found = readCertificate(files);
      reported = undefined;
      if (found.cert.equals(current.cert) && found.key.equals(current.key)) return;
      current = found;
      use(found);
    } catch (error) {
      const { message } = error as Error;
      if (message !== reported) report(`the certificate of before stays in use: ${message}`);
      reported = message;
    }
  }, everyMs).unref();
  return () => clearInterval(timer);
}

function contentOf(path: string, flag: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Refusal(
      `cannot read ${path} (${code}): check what ${flag} names and its permissions`,
    );
  }
}
