// Long, because every flag of every command is declared here, in the order of the help.

import { existsSync } from 'node:fs';
import { printable } from '@oomwatcher/explain';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { ExitCode } from '../exit-codes.js';
import { type ListenAddress, parseListen } from '../http/address.js';
import {
  agentReporter,
  explainingReporter,
  jsonReporter,
  lineReporter,
  trialReporter,
} from '../output/reporter.js';
import { isNotAllowed, Refusal } from '../refusal.js';
import { defaultPins, witnessProgram } from '../runtime/witness-program.js';
import { parseOtlpUrl } from '../sinks/otlp/url.js';
import { version } from '../version.js';
import { parseDuration } from './arguments/duration.js';
import { parsePointInTime } from './arguments/point-in-time.js';
import { parseUtcOffset } from './arguments/utc-offset.js';
import type { RunOptions } from './commands/run.js';
import { type Shell, shells } from './completion/shells.js';

interface LiveFlags {
  json?: true;
  source?: string;
  from: 'now' | 'boot';
  witness: 'auto' | 'off' | 'require';
}

interface RunFlags extends LiveFlags {
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
  limit?: number;
  report?: string;
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

/**
 * The command line. `parseAsync` throws CommanderError for usage errors, `--help` and `--version`.
 *
 * @param args what it will be given. `run` is the default only where they name no command: a default command would
 * take a mistyped one for an argument of its own, and nobody would learn what was meant.
 */
export function buildProgram(args: readonly string[] = []): Command {
  const program = new Command('oomwatcher')
    .description('Every OOM kill on this node: seen, named, placed in its cgroup.')
    .version(version, '-V, --version')
    .exitOverride()
    // The sentence quotes the command line, which may hold anything; its own lines are commander's.
    .configureOutput({
      outputError: (text, write) => write(text.split('\n').map(printable).join('\n')),
    })
    .enablePositionalOptions();

  const namesCommand = args[0] !== undefined && !args[0].startsWith('-');
  addKubernetesOptions(addLiveOptions(program.command('run', { isDefault: !namesCommand })))
    .description('watch this node, record its kills and print the new ones (the default)')
    .addOption(stateDirOption())
    .addOption(witnessPinsOption())
    .option(
      '--listen <address:port>',
      'where the dashboard, API and metrics are, or none (default: 127.0.0.1:8420)',
      parseListen,
    )
    .option('--token-file <file>', 'who has this token may see the dashboard at other addresses')
    .option(
      '--tls-cert <file>',
      'speak TLS with this certificate (PEM); it may be replaced at any time',
    )
    .option('--tls-key <file>', 'the key of the certificate')
    .option('--compat-metrics', 'metrics also by the names of cAdvisor and node-problem-detector')
    .option('--otlp <url>', 'kills as log records to this OpenTelemetry collector', parseOtlpUrl)
    .option(
      '--or-recording [file]',
      'where this node does not let its log be read, play a recorded storm, or this capture, instead of failing',
    )
    .action(run);
  addLiveOptions(program.command('watch'))
    .description('print kills as they happen; nothing is kept')
    .action(watchLive);
  program
    .command('parse')
    .description('explain captured logs: kmsg, dmesg, journalctl, syslog; the format is recognised')
    .argument('<file...>', 'log files, also gzip or zstd; - reads standard input')
    .addOption(jsonOption())
    .option('--utc-offset <hours>', 'zone of times that name none, as +02:00', parseUtcOffset)
    .action(parseFiles);
  program
    .command('history')
    .description('print the kills of the journal, the newest last; or explain one')
    .argument('[id]', 'the kill that is explained, by the id of the list or its own')
    .option('--json', 'one JSON object a line')
    .addOption(new Option('--csv', 'for a spreadsheet, sizes in KiB').conflicts(['json']))
    .option(
      '--since <time>',
      'from so long ago (90s, 15m, 2h, 7d), from today, yesterday or then on',
      asTime,
    )
    .option('--until <time>', 'up to so long ago, up to today or yesterday began, or then', asTime)
    .option('--pod <namespace/name>', 'kills in one pod; the namespace may be left out', parsePod)
    .option('--container <name>', 'kills in containers of this name')
    .option('--limit <count>', 'only so many, the newest', parseLimit)
    .addOption(
      new Option(
        '--report <id>',
        "only the lines of the kernel's log that this kill was read from",
      ).conflicts(['csv', 'since', 'until', 'pod', 'container', 'limit']),
    )
    .addOption(stateDirOption())
    .action(history);
  program
    .command('account')
    .description(
      "compare the kernel's count of kills since boot with the journal; fails unless they agree",
    )
    .option('--json', 'one JSON object on stdout')
    .addOption(stateDirOption())
    .action(account);
  program
    .command('doctor')
    .description('say what this node allows, and the remedy for what it does not')
    .option('--json', 'one JSON object on stdout')
    .addOption(stateDirOption())
    .option('--kubernetes', 'also what the API server allows the ServiceAccount of this pod')
    .addOption(kubeconfigOption())
    .addOption(nodeNameOption())
    .action(doctor);
  program
    .command('demo')
    .description(
      'cause one real OOM kill in a throwaway cgroup of 16 MiB, and show it arriving; where this node does not allow it, a recorded storm',
    )
    .option('--json', 'kills as JSON objects on stdout, one a line')
    .option('--recording [file]', 'play the recorded storm, or this raw kmsg capture')
    .option(
      '--listen <address:port>',
      'where the page of a recording is, and stays; or none (default: 127.0.0.1:8420)',
      parseListen,
    )
    .action(demo);
  program
    .command('witness')
    .description('load, or remove, the program by which the kernel tells of kills')
    .addArgument(
      new Argument('<what>', 'load: before the agent starts; remove: what is pinned').choices([
        'load',
        'remove',
      ]),
    )
    .argument('[command...]', 'behind --: becomes this command, which is handed the witness')
    .addOption(witnessPinsOption())
    .option('--or-without', 'where the kernel refuses it, say so and go on')
    .action(witness);
  program
    .command('completion')
    .description('print the completion of a shell: source <(oomwatcher completion bash)')
    .addArgument(new Argument('<shell>', 'whose').choices(shells))
    .action(async (shell: Shell) => {
      const { completionCommand } = await import('./commands/completion.js');
      completionCommand(program, shell);
    });
  return program;
}

function addLiveOptions(command: Command): Command {
  return command
    .addOption(jsonOption())
    .option('--source <source>', 'native, portable, or the file of a raw kmsg capture', parseSource)
    .addOption(
      new Option(
        '--witness <how>',
        'let the kernel report each kill at the kill itself: auto, off, or require',
      )
        .choices(['auto', 'off', 'require'])
        .default('off'),
    )
    .addOption(
      new Option('--from <start>', 'now, or boot: also the kills that the kernel log still holds')
        .choices(['now', 'boot'])
        .default('now'),
    );
}

function stateDirOption(): Option {
  return new Option('--state-dir <folder>', 'where the journal of kills is').default(
    '/var/lib/oomwatcher',
  );
}

function witnessPinsOption(): Option {
  return new Option(
    '--witness-pins <folder>',
    'a folder in a BPF file system where kills wait while no agent runs',
  ).default(defaultPins);
}

function addKubernetesOptions(command: Command): Command {
  return command
    .option(
      '--kubernetes',
      'make events of the Node and of pods, as the ServiceAccount of this pod',
    )
    .addOption(kubeconfigOption())
    .addOption(nodeNameOption())
    .addOption(
      new Option('--node-events <which>', "the Node's events: of its own lack of memory, or all")
        .choices(['system', 'all'])
        .default('system'),
    )
    .addOption(
      new Option(
        '--lookback <time>',
        'at the very first start, report older kills up to this age, as 30m or 1h',
      )
        .argParser(parseDuration)
        .default(3_600_000, '1h'),
    );
}

function kubeconfigOption(): Option {
  return new Option('--kubeconfig <file>', 'the same, as the user of a kubeconfig').implies({
    kubernetes: true,
  });
}

function nodeNameOption(): Option {
  return new Option(
    '--node-name <name>',
    'this node, as the cluster calls it (default: the host name)',
  ).env('NODE_NAME');
}

function jsonOption(): Option {
  return new Option('--json', 'one JSON object a line: kills on stdout, notices on stderr');
}

// A command's code is loaded when it runs: `parse` needs neither SQLite nor the addon's reader, and starts sooner.

async function run(
  { stateDir, json, orRecording, witnessPins, ...flags }: RunFlags,
  command: Command,
): Promise<void> {
  const options: RunOptions = {
    stateDir,
    watch: { ...watchOptions(flags), witnessProgram: witnessProgram(witnessPins) },
    // Not where nobody said so: another agent's may be there.
    removesWitness: flags.witness === 'off' && command.getOptionValueSource('witness') === 'cli',
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

async function doctor({ json, stateDir, kubernetes, ...api }: DoctorFlags): Promise<void> {
  const { doctorCommand } = await import('./commands/doctor.js');
  process.exitCode = await doctorCommand({
    json: json === true,
    stateDir,
    ...(kubernetes && { kubernetes: api }),
  });
}

async function account({ json, stateDir }: AccountFlags): Promise<void> {
  const { accountCommand } = await import('./commands/account.js');
  process.exitCode = await accountCommand({ stateDir, json: json === true });
}

async function demo({ json, recording, listen }: DemoFlags): Promise<void> {
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

async function witness(
  action: 'load' | 'remove',
  command: string[],
  { witnessPins, orWithout }: WitnessFlags,
): Promise<void> {
  const { witnessCommand } = await import('./commands/witness.js');
  witnessCommand({ action, pins: witnessPins, orWithout: orWithout === true, command });
}

async function watchLive(flags: LiveFlags): Promise<void> {
  const { watchCommand } = await import('./commands/watch.js');
  return watchCommand(watchOptions(flags), flags.json ? jsonReporter : lineReporter());
}

function watchOptions({ source, from, witness }: LiveFlags): RunOptions['watch'] {
  if (source === undefined) return { from, witness };
  return source === 'native' || source === 'portable'
    ? { source, from, witness }
    : { capture: source };
}

async function history(
  id: string | undefined,
  { stateDir, json, csv, report, ...which }: HistoryFlags,
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
    const command =
      report === undefined ? commands.historyKillCommand : commands.historyReportCommand;
    return command({ stateDir, json: json === true, id: one });
  }
  const { since, until, pod, container, limit } = which;
  const query = {
    ...pod,
    ...(since !== undefined && { sinceMs: since }),
    ...(until !== undefined && { untilMs: until }),
    ...(container !== undefined && { container }),
    ...(limit !== undefined && { limit }),
  };
  const { historyCommand } = await import('./commands/history.js');
  return historyCommand({ stateDir, form: json ? 'json' : csv ? 'csv' : 'table', query });
}

/** A mistyped word is no name of a file. */
function parseSource(text: string): string {
  if (text === 'native' || text === 'portable' || text.includes('/') || existsSync(text))
    return text;
  throw new InvalidArgumentError('Write native, portable, or the path of a file that is there.');
}

/** Not the parser itself: commander gives a second argument. */
function asTime(text: string): number {
  return parsePointInTime(text);
}

function parsePod(text: string): { namespace?: string; pod: string } {
  const [first, second, ...more] = text.split('/');
  if (!first || second === '' || more.length > 0) {
    throw new InvalidArgumentError('Write it as namespace/name, or only the name.');
  }
  return second === undefined ? { pod: first } : { namespace: first, pod: second };
}

function parseLimit(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Write a number from 1 on.');
  return Number(text);
}

async function parseFiles(files: string[], { json, utcOffset }: ParseFlags): Promise<void> {
  const { parseCommand } = await import('./commands/parse.js');
  const options = utcOffset === undefined ? {} : { utcOffsetMinutes: utcOffset };
  return parseCommand(files, options, json ? jsonReporter : explainingReporter());
}
