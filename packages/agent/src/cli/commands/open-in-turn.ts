import { JournalTrouble, untilFree } from '@oomwatcher/journal';
import type { WebFlags } from '../../http/add-web.js';
import type { Reporter } from '../../output/reporter.js';
import { Agent, type AgentOptions } from '../../runtime/agent.js';

/**
 * Opens the agent once no other one has its folder. A second one on a node (a rollout with maxSurge, an agent started by
 * hand) waits for the first to end, says so, and takes over then: the kernel's log has what happens in between.
 *
 * @param web where it says that it waits
 * @returns undefined: it was ended while it waited
 * @throws KmsgError when the log cannot be opened
 */
export async function openInTurn(
  options: AgentOptions,
  reporter: Reporter,
  { web, signal }: { web: WebFlags | undefined; signal: AbortSignal },
): Promise<Agent | undefined> {
  let hasSaid = false;
  while (!signal.aborted) {
    try {
      return await Agent.open(options, reporter);
    } catch (error) {
      if (!isInUse(error)) throw error;
    }
    if (!hasSaid) reporter.notice({ kind: 'waiting', folder: options.stateDir });
    hasSaid = true;
    const standby = web && (await standbyAt(web, options.stateDir));
    await untilFree(options.stateDir, signal);
    await standby?.stop();
  }
  return undefined;
}

async function standbyAt(web: WebFlags, folder: string) {
  const { Standby } = await import('../../http/standby.js');
  const reason = `another oomwatcher runs with the state folder ${folder}: this one waits, and takes over when it ends`;
  const standby = new Standby(web, reason);
  await standby.start();
  return standby;
}

function isInUse(error: unknown): boolean {
  return error instanceof JournalTrouble && error.kind === 'in-use';
}
