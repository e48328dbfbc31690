import type { WatchOptions } from '@oomwatcher/watcher';
import { Command, Option } from 'commander';
import { demoCommand } from './commands/demo.js';
import { doctorCommand } from './commands/doctor.js';
import { parseCommand } from './commands/parse.js';
import { runCommand } from './commands/run.js';
import { watchCommand } from './commands/watch.js';
import {
  explainingReporter,
  jsonReporter,
  lineReporter,
  trialReporter,
} from './output/reporter.js';
import { parseUtcOffset } from './utc-offset.js';
import { version } from './version.js';

interface LiveFlags {
  json?: true;
  source?: string;
  from: 'now' | 'boot';
}

interface RunFlags extends LiveFlags {
  stateDir: string;
}

interface ParseFlags {
  json?: true;
  utcOffset?: number;
}

interface DoctorFlags {
  json?: true;
  stateDir: string;
}

/**
 * The command line. `parseAsync` throws CommanderError for usage errors, `--help` and `--version`.
 *
 * @param args what it will be given. `run` is the default only where they name no command: a default command would
 * take a mistyped one for an argument of its own, and nobody would be told what was meant.
 */
export function buildProgram(args: readonly string[] = []): Command {
  const program = new Command('oomwatcher')
    .description('Every OOM kill on this node: seen, named, placed in its cgroup.')
    .version(version, '-V, --version')
    .exitOverride()
    .enablePositionalOptions();

  const namesCommand = args[0] !== undefined && !args[0].startsWith('-');
  addLiveOptions(program.command('run', { isDefault: !namesCommand }))
    .description('watch this node, record its kills and print the new ones (the default)')
    .addOption(stateDirOption())
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
    .command('doctor')
    .description('say what this node allows, and the remedy for what it does not')
    .option('--json', 'one JSON object on stdout')
    .addOption(stateDirOption())
    .action(async ({ json, ...options }: DoctorFlags) => {
      process.exitCode = await doctorCommand({ json: json === true, ...options });
    });
  program
    .command('demo')
    .description('cause one real OOM kill in a throwaway cgroup of 16 MiB, and show it arriving')
    .option('--json', 'the kill as one JSON object on stdout')
    .action(({ json }: { json?: true }) => demoCommand(json ? jsonReporter : trialReporter()));
  return program;
}

function addLiveOptions(command: Command): Command {
  return command
    .addOption(jsonOption())
    .option('--source <source>', 'native, portable, or the file of a raw kmsg capture')
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

function jsonOption(): Option {
  return new Option('--json', 'one JSON object a line: kills on stdout, notices on stderr');
}

function run({ stateDir, json, ...live }: RunFlags): Promise<void> {
  const options = { stateDir, watch: watchOptions(live) };
  return runCommand(options, json ? jsonReporter : lineReporter());
}

function watchLive(flags: LiveFlags): Promise<void> {
  return watchCommand(watchOptions(flags), flags.json ? jsonReporter : lineReporter());
}

function watchOptions({ source, from }: LiveFlags): WatchOptions {
  if (source === undefined) return { from };
  return source === 'native' || source === 'portable' ? { source, from } : { capture: source };
}

function parseFiles(files: string[], { json, utcOffset }: ParseFlags): Promise<void> {
  const options = utcOffset === undefined ? {} : { utcOffsetMinutes: utcOffset };
  return parseCommand(files, options, json ? jsonReporter : explainingReporter());
}
