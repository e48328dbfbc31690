import { setTimeout as sleep } from 'node:timers/promises';
import { jsonLine } from '@oomwatcher/explain';
import {
  type AccountSinceBoot,
  account,
  JournalTrouble,
  readBoot,
  readJournal,
  readWitnessNote,
  runningAgent,
  type WitnessNote,
} from '@oomwatcher/journal';
import { readBootId } from '@oomwatcher/kmsg';
import { readKernelKills } from '@oomwatcher/watcher';
import { ExitCode } from '../../exit-codes.js';
import { type AccountReport, accountLines } from '../../output/account-lines.js';
import { standardOutput } from '../../output/standard-output.js';

export interface AccountOptions {
  stateDir: string;
  json: boolean;
  /** Another count than this kernel's, for tests. */
  kernelKills?: () => number | undefined;
}

/** A kill that is counted and not yet recorded, or a watch that has just begun, is no difference: it closes by itself. */
const closesWithinMs = 2000;
const askEveryMs = 200;

/** `oomwatcher account`: whether every kill since boot is accounted for. Returns the exit code: only if so it is 0. */
export async function accountCommand(options: AccountOptions): Promise<number> {
  const report = await makeReport(options);
  if (options.json) standardOutput.writeLine(jsonLine(report));
  else for (const line of accountLines(report)) standardOutput.writeLine(line);
  return 'unaccounted' in report && report.unaccounted === 0 ? ExitCode.ok : ExitCode.failure;
}

async function makeReport(options: AccountOptions): Promise<AccountReport> {
  const { stateDir, kernelKills = readKernelKills } = options;
  const bootId = readBootId();
  try {
    const found = await readAccount(stateDir, bootId, kernelKills);
    // What closes is right, however old the journal is.
    if (found?.unaccounted !== 0 && runningAgent(stateDir) === 'memory') {
      return kernelOnly(bootId, kernelKills(), inMemory(stateDir));
    }
    if (found !== undefined) return found;
    return kernelOnly(
      bootId,
      kernelKills(),
      `no oomwatcher run has watched this boot with the state folder ${stateDir}: start one`,
    );
  } catch (error) {
    if (!(error instanceof JournalTrouble)) throw error;
    return kernelOnly(bootId, kernelKills(), error.message);
  }
}

/** undefined: the journal knows nothing of this boot. */
function readAccount(
  stateDir: string,
  bootId: string,
  kernelKills: () => number | undefined,
): Promise<(AccountSinceBoot & { witness?: WitnessNote }) | undefined> {
  const untilMs = performance.now() + closesWithinMs;
  return readJournal(stateDir, async (db) => {
    for (;;) {
      const boot = readBoot(db, bootId);
      if (boot === undefined) return undefined;
      const since = account(bootId, boot, kernelKills());
      const closes = since.kernelKills === undefined || since.unaccounted === 0;
      if (closes || performance.now() >= untilMs) {
        const witness = readWitnessNote(db, bootId);
        return { ...since, ...(witness !== undefined && { witness }) };
      }
      await sleep(askEveryMs);
    }
  });
}

function inMemory(stateDir: string): string {
  return `the running agent has its journal in memory, and what is in ${stateDir} is older: read its log for the remedy, and its own account at /api/v1/account of its dashboard`;
}

function kernelOnly(
  bootId: string,
  kernelKills: number | undefined,
  reason: string,
): AccountReport {
  return {
    schema: 'oomwatcher.account/v1',
    bootId,
    ...(kernelKills !== undefined && { kernelKills }),
    reason,
  };
}
