import type { Command } from 'commander';
import { ExitCode } from '../exit-codes.js';
import { defaultAddress, type ListenAddress, urlOf } from '../http/address.js';
import {
  agentReporter,
  explainingReporter,
  jsonReporter,
  lineReporter,
  trialReporter,
} from '../output/reporter.js';
import { isNotAllowed, Refusal } from '../refusal.js';
import { witnessProgram } from '../runtime/witness-program.js';
import { type Language, wordsIn } from './arguments/language.js';
import type { HistoryOptions } from './commands/history.js';
import type { RunOptions } from './commands/run.js';

// What the flags of each command mean. Its code is loaded when it runs: `parse` needs neither SQLite nor the addon's
// reader, and starts sooner.

interface LiveFlags {
  json?: true;
  source?: string;
  from: 'now' | 'boot';
  witness: 'auto' | 'off' | 'require';
}

interface RunUpFlags {
  runUp: 'on' | 'off';
}

interface RunFlags extends LiveFlags, RunUpFlags {
  stateDir: string;
  witnessPins: string;
  kubernetes?: true;
  kubeconfig?: string;
  nodeName?: string;
  nodeEvents: 'system' | 'all';
  lookback: number;
  listen?: ListenAddress | 'none';
  tokenFile?: string;
  tlsCert?: string;
  tlsKey?: string;
  compatMetrics?: true;
  otlp?: string;
  orRecording?: string | true;
}

interface WitnessFlags {
  witnessPins: string;
  orWithout?: true;
}

interface ParseFlags {
  json?: true;
  lang?: Language;
  utcOffset?: number;
}

interface AccountFlags {
  json?: true;
  stateDir: string;
}

interface HistoryFlags extends AccountFlags {
  csv?: true;
  since?: number;
  until?: number;
  pod?: { namespace?: string; pod: string };
  container?: string;
  workload?: string;
  limit?: number;
  report?: string;
  pager: boolean;
  lang?: Language;
}

interface TopFlags extends AccountFlags {
  once?: true;
  url?: string;
  tokenFile?: string;
}

interface DemoFlags {
  json?: true;
  recording?: string | true;
  listen?: ListenAddress | 'none';
}

interface DoctorFlags {
  json?: true;
  stateDir: string;
  kubernetes?: true;
  kubeconfig?: string;
  nodeName?: string;
}

export async function run(
  { stateDir, json, orRecording, witnessPins, ...flags }: RunFlags,
  command: Command,
): Promise<void> {
  const options: RunOptions = {
    stateDir,
    watch: { ...watchOptions(flags), witnessProgram: witnessProgram(witnessPins) },
    recordsRunUps: flags.runUp === 'on',
    // Not where nobody said so: another agent's may be there.
    removesWitness: flags.witness === 'off' && command.getOptionValueSource('witness') === 'cli',
    ...(flags.nodeName !== undefined && { nodeName: flags.nodeName }),
    ...kubernetesOptions(flags),
    ...webOptions(flags),
    ...(flags.otlp !== undefined && { otlp: { url: flags.otlp, lookbackMs: flags.lookback } }),
  };
  const { runCommand } = await import('./commands/run.js');
  try {
    await runCommand(options, agentReporter(json === true));
  } catch (error) {
    if (orRecording === undefined || !isNotAllowed(error)) throw error;
    const { playRecording } = await import('./commands/play.js');
    await playRecording(
      {
        ...(orRecording !== true && { file: orRecording }),
        reason: error.message,
        web: options.web,
        stays: true,
      },
      json ? jsonReporter : lineReporter(),
    );
  }
}

function webOptions({
  listen,
  tokenFile,
  tlsCert,
  tlsKey,
  compatMetrics,
}: Omit<RunFlags, 'stateDir' | 'witnessPins'>): Pick<RunOptions, 'web'> {
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new Refusal('--tls-cert and --tls-key belong together: name both files', ExitCode.usage);
  }
  if (listen === 'none') return {};
  return {
    web: {
      ...(listen !== undefined && { listen }),
      ...(tokenFile !== undefined && { tokenFile }),
      ...(tlsCert !== undefined && tlsKey !== undefined && { tls: { cert: tlsCert, key: tlsKey } }),
      compatMetrics: compatMetrics === true,
    },
  };
}

function kubernetesOptions({
  kubernetes,
  kubeconfig,
  nodeName,
  nodeEvents,
  lookback,
}: Omit<RunFlags, 'stateDir' | 'witnessPins'>): Pick<RunOptions, 'kubernetes'> {
  if (kubernetes === undefined) return {};
  return {
    kubernetes: {
      nodeEvents,
      lookbackMs: lookback,
      ...(kubeconfig !== undefined && { kubeconfig }),
      ...(nodeName !== undefined && { nodeName }),
    },
  };
}

export async function doctor({ json, stateDir, kubernetes, ...api }: DoctorFlags): Promise<void> {
  const { doctorCommand } = await import('./commands/doctor.js');
  process.exitCode = await doctorCommand({
    json: json === true,
    stateDir,
    ...(kubernetes && { kubernetes: api }),
  });
}

export async function account({ json, stateDir }: AccountFlags): Promise<void> {
  const { accountCommand } = await import('./commands/account.js');
  process.exitCode = await accountCommand({ stateDir, json: json === true });
}

export async function top({ json, once, url, tokenFile, stateDir }: TopFlags): Promise<void> {
  const { topCommand } = await import('./commands/top.js');
  const { readToken } = await import('../http/token-file.js');
  return topCommand({
    json: json === true,
    once: once === true,
    url: url ?? urlOf(defaultAddress),
    isAskedFor: url !== undefined,
    ...(tokenFile !== undefined && { token: readToken(tokenFile) }),
    stateDir,
  });
}

export async function demo({ json, recording, listen }: DemoFlags): Promise<void> {
  const { demoCommand } = await import('./commands/demo.js');
  const asksForPage = listen !== undefined && listen !== 'none';
  const isWatched = process.stdout.isTTY === true && json === undefined;
  return demoCommand({
    ...(recording !== undefined && { recording }),
    ...(listen !== 'none' && { web: asksForPage ? { listen } : {} }),
    // Who waits for its end would wait for ever.
    stays: asksForPage || (isWatched && listen !== 'none'),
    reporters: json
      ? { kill: jsonReporter, recording: jsonReporter }
      : { kill: trialReporter(), recording: lineReporter() },
  });
}

export async function witness(
  action: 'load' | 'remove',
  command: string[],
  { witnessPins, orWithout }: WitnessFlags,
): Promise<void> {
  const { witnessCommand } = await import('./commands/witness.js');
  witnessCommand({ action, pins: witnessPins, orWithout: orWithout === true, command });
}

export async function watchLive(flags: LiveFlags & RunUpFlags): Promise<void> {
  const { watchCommand } = await import('./commands/watch.js');
  return watchCommand(
    { ...watchOptions(flags), recordsRunUps: flags.runUp === 'on' },
    flags.json ? jsonReporter : lineReporter(),
  );
}

function watchOptions({ source, from, witness }: LiveFlags): RunOptions['watch'] {
  if (source === undefined) return { from, witness };
  return source === 'native' || source === 'portable'
    ? { source, from, witness }
    : { capture: source };
}

export async function history(
  id: string | undefined,
  { stateDir, json, csv, report, pager, lang, ...which }: HistoryFlags,
): Promise<void> {
  const one = report ?? id;
  if (one !== undefined) {
    if (id !== undefined && (csv || Object.keys(which).length > 0 || report !== undefined)) {
      throw new Refusal(
        `history ${id} is of one kill: leave out what chooses among many`,
        ExitCode.usage,
      );
    }
    const commands = await import('./commands/history-kill.js');
    const asked = { stateDir, json: json === true, id: one };
    const words = await wordsIn(lang);
    return pages(pager, () =>
      report === undefined
        ? commands.historyKillCommand({ ...asked, words })
        : commands.historyReportCommand(asked),
    );
  }
  const { since, until, pod, container, workload, limit } = which;
  const query = {
    ...pod,
    ...(since !== undefined && { sinceMs: since }),
    ...(until !== undefined && { untilMs: until }),
    ...(container !== undefined && { container }),
    ...(limit !== undefined && { limit }),
  };
  const { historyCommand } = await import('./commands/history.js');
  const options: HistoryOptions = {
    stateDir,
    words: await wordsIn(lang),
    form: json ? 'json' : csv ? 'csv' : 'table',
    query,
    ...(workload !== undefined && { workload }),
  };
  return pages(pager, () => historyCommand(options));
}

async function pages(isWanted: boolean, write: () => Promise<void>): Promise<void> {
  if (!isWanted || !process.stdout.isTTY) return write();
  const { paged } = await import('../output/pager.js');
  return paged(write);
}

export async function parseFiles(
  files: string[],
  { json, utcOffset, lang }: ParseFlags,
): Promise<void> {
  const { parseCommand } = await import('./commands/parse.js');
  const options = utcOffset === undefined ? {} : { utcOffsetMinutes: utcOffset };
  return parseCommand(
    files,
    options,
    json ? jsonReporter : explainingReporter(await wordsIn(lang)),
  );
}
