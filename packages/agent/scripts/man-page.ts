import type { Command } from 'commander';

/** What the help does not say, for it is the same for every command. */
const exitCodes: Record<number, string> = {
  0: 'All went well.',
  1: 'Failure; one sentence on standard error says which, and what to do.',
  2: 'The command line is wrong.',
  3: 'This node does not allow it: a device, a capability or a mount is missing.',
  4: "Node's heap has reached its limit; one sentence says it. Without the addon it is 134, Node's own abort.",
};

/** oomwatcher(1) in the macros of man(7), with the words of `--help`. */
export function manPage(program: Command, version: string): string {
  const help = program.createHelp();
  const commands = help.visibleCommands(program).filter((command) => command.name() !== 'help');
  return [
    `.TH ${program.name().toUpperCase()} 1 "" "${roff(`oomWatcher ${version}`)}"`,
    '.SH NAME',
    `${program.name()} \\- ${roff(withoutPeriod(program.description()))}`,
    '.SH SYNOPSIS',
    ...commands.flatMap((command, index) => [
      ...(index === 0 ? [] : ['.br']),
      `\\fB${roff(program.name())} ${roff(command.name())}\\fR ${roff(command.usage())}`,
    ]),
    '.SH DESCRIPTION',
    roff(program.description()),
    'Without a command it does what',
    '.B run',
    'does.',
    ...commands.flatMap((command) => [
      `.SH ${roff(command.name().toUpperCase())}`,
      roff(sentence(command.description())),
      ...help
        .visibleArguments(command)
        .flatMap((argument) => [
          '.TP',
          `.I ${roff(argument.name())}`,
          roff(help.argumentDescription(argument)),
        ]),
      ...help
        .visibleOptions(command)
        .flatMap((option) => [
          '.TP',
          `\\fB${roff(help.optionTerm(option))}\\fR`,
          roff(help.optionDescription(option)),
        ]),
    ]),
    '.SH EXIT STATUS',
    ...Object.entries(exitCodes).flatMap(([code, text]) => ['.TP', `.B ${code}`, roff(text)]),
    '',
  ].join('\n');
}

/** A text as words that troff prints as they are: no request, no escape, and dashes that can be copied. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&');
}

function withoutPeriod(text: string): string {
  return text.replace(/\.$/, '');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${withoutPeriod(text.slice(1))}.`;
}
