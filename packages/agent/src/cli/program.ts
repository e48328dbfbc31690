import { existsSync } from 'node:fs';
import { printable } from '@oomwatcher/explain';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { parseListen } from '../http/address.js';
import { defaultPins } from '../runtime/witness-program.js';
import { parseOtlpUrl } from '../sinks/otlp/url.js';
import { version } from '../version.js';
import {
  account,
  demo,
  doctor,
  history,
  parseFiles,
  run,
  top,
  watchLive,
  witness,
} from './actions.js';
import { parseDuration } from './arguments/duration.js';
import { languages } from './arguments/language.js';
import { parsePointInTime } from './arguments/point-in-time.js';
import { parseUtcOffset } from './arguments/utc-offset.js';
import { type Shell, shells } from './completion/shells.js';

/**
 * The command line: every flag of every command, in the order of the help. `parseAsync` throws CommanderError for usage errors, `--help` and `--version`.
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
    .addOption(runUpOption('on'))
    .option('--compat-metrics', 'metrics also by the names of cAdvisor and node-problem-detector')
    .option('--otlp <url>', 'kills as log records to this OpenTelemetry collector', parseOtlpUrl)
    .option(
      '--or-recording [file]',
      'where this node does not let its log be read, play a recorded storm, or this capture, instead of failing',
    )
    .action(run);
  addLiveOptions(program.command('watch'))
    .description('print kills as they happen; nothing is kept')
    .addOption(runUpOption('off'))
    .action(watchLive);
  program
    .command('parse')
    .description('explain captured logs: kmsg, dmesg, journalctl, syslog; the format is recognised')
    .argument('<file...>', 'log files, also gzip or zstd; - reads standard input')
    .addOption(jsonOption())
    .option('--utc-offset <hours>', 'zone of times that name none, as +02:00', parseUtcOffset)
    .addOption(languageOption())
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
    .option(
      '--workload <name>',
      'kills of this Deployment, StatefulSet, CronJob, Compose service, unit and so on; also as namespace/name or kind/name',
    )
    .option('--limit <count>', 'only so many, the newest', parseLimit)
    .addOption(
      new Option(
        '--report <id>',
        "only the lines of the kernel's log that this kill was read from",
      ).conflicts(['csv', 'since', 'until', 'pod', 'container', 'workload', 'limit']),
    )
    .option('--no-pager', 'on a terminal too, do not go through $PAGER (less)')
    .addOption(languageOption())
    .addOption(stateDirOption())
    .action(history);
  program
    .command('top')
    .description('cgroups closest to their memory limit: use, growth, time until then')
    .option('--json', 'one JSON object a second')
    .option('--once', 'print it once')
    .option(
      '--url <url>',
      'the agent that is asked (default: http://127.0.0.1:8420)',
      parseAgentUrl,
    )
    .option('--token-file <file>', 'its token, at an address that is not of this machine')
    .addOption(stateDirOption())
    .action(top);
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

function runUpOption(otherwise: 'on' | 'off'): Option {
  return new Option(
    '--run-up <how>',
    'sample the memory of cgroups that have a limit, so that a kill comes with the minutes before it: on or off',
  )
    .choices(['on', 'off'])
    .default(otherwise);
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

function languageOption(): Option {
  return new Option(
    '--lang <language>',
    'in which a kill is explained (default: as LC_ALL, LC_MESSAGES or LANG say)',
  ).choices(languages);
}

function jsonOption(): Option {
  return new Option('--json', 'one JSON object a line: kills on stdout, notices on stderr');
}

/** A mistyped word is no name of a file. */
function parseSource(text: string): string {
  if (text === 'native' || text === 'portable' || text.includes('/') || existsSync(text))
    return text;
  throw new InvalidArgumentError('Write native, portable, or the path of a file that is there.');
}

function parseAgentUrl(text: string): string {
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
  throw new InvalidArgumentError('Write it as http://127.0.0.1:8420.');
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
