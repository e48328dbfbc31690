import type { WatchOptions } from '@oomwatcher/watcher';
import { Command, Option } from 'commander';
import { parseCommand } from './commands/parse.js';
import { watchCommand } from './commands/watch.js';
import { jsonReporter, type Reporter, terminalReporter } from './output/reporter.js';
import { version } from './version.js';

interface LiveFlags {
  json?: true;
  source?: string;
  from: 'now' | 'boot';
}

/** The command line. `parseAsync` throws CommanderError for usage errors, `--help` and `--version`. */
export function buildProgram(): Command {
  const program = new Command('oomwatcher')
    .description(
      'Every OOM kill on this node: seen, named, placed in its cgroup, and accounted for.',
    )
    .version(version, '-V, --version')
    .exitOverride()
    .enablePositionalOptions();

  live(program.command('run', { isDefault: true }))
    .description('watch this node and print kills (the default)')
    .action(watchLive);
  live(program.command('watch'))
    .description('print kills as they happen; nothing is kept')
    .action(watchLive);

  program
    .command('parse')
    .description('explain captured kernel logs')
    .argument('<file...>', 'raw kmsg captures; - reads standard input')
    .addOption(json())
    .action((files: string[], flags: { json?: true }) => parseCommand(files, reporterFor(flags)));
  return program;
}

function live(command: Command): Command {
  return command
    .addOption(json())
    .addOption(
      new Option('--source <source>', 'native, portable, or the file of a raw kmsg capture').env(
        'OOMWATCHER_SOURCE',
      ),
    )
    .addOption(
      new Option('--from <start>', 'now, or boot: also the kills that the kernel log still holds')
        .choices(['now', 'boot'])
        .default('now'),
    );
}

function json(): Option {
  return new Option('--json', 'one JSON object a line: kills on stdout, notices on stderr');
}

function watchLive(flags: LiveFlags): Promise<void> {
  return watchCommand(watchOptions(flags), reporterFor(flags));
}

function watchOptions({ source, from }: LiveFlags): WatchOptions {
  if (source === undefined) return { from };
  return source === 'native' || source === 'portable' ? { source, from } : { capture: source };
}

function reporterFor(flags: { json?: true }): Reporter {
  return flags.json ? jsonReporter : terminalReporter();
}
