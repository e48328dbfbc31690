import { assets } from '@oomwatcher/dashboard/assets';
import type { Agent } from '../runtime/agent.js';
import type { ListenAddress } from './address.js';
import type { CertificateFiles } from './certificate.js';
import { readToken } from './token-file.js';
import { WebService } from './web-service.js';

export interface WebFlags {
  listen?: ListenAddress;
  tokenFile?: string;
  tls?: CertificateFiles;
  compatMetrics?: boolean;
  /** How long a pod's kill waits for its pod's name before it is counted, ms. */
  nameWaitMs?: number;
}

/** Gives the agent its page, API, metrics and health. @throws Refusal for the token file and those of the certificate */
export function addWeb(
  agent: Agent,
  { listen, tokenFile, tls, compatMetrics, nameWaitMs }: WebFlags,
): void {
  agent.addService(
    new WebService(agent.state, assets, {
      ...(listen !== undefined && { listen }),
      ...(tokenFile !== undefined && { token: readToken(tokenFile) }),
      ...(tls !== undefined && { tls }),
      ...(nameWaitMs !== undefined && { counts: { nameWaitMs } }),
      compatible: compatMetrics === true,
      report: (notice) => agent.reporter.notice(notice),
    }),
  );
}
