import type { Command } from 'commander';

/** What can stand in a place of the command line. */
export type Values =
  | { kind: 'choices'; choices: readonly string[] }
  | { kind: 'files' | 'folders' | 'other' };

export interface OptionWords {
  /** With its dash. */
  short: string | undefined;
  /** With its dashes. */
  long: string;
  description: string;
  /** What the option's value may be; undefined: it takes none. */
  value: { name: string; values: Values } | undefined;
}

export interface CommandWords {
  name: string;
  description: string;
  options: readonly OptionWords[];
  /** What its arguments may be; undefined: it takes none. */
  argument: { name: string; values: Values } | undefined;
  /** Meant where no command is named. */
  isDefault: boolean;
}

/** Every word that the command line knows, taken from the program itself. `run` is the default command. */
export function wordsOf(program: Command): CommandWords[] {
  const help = program.createHelp();
  return help.visibleCommands(program).map((command) => ({
    name: command.name(),
    description: command.description(),
    options: help.visibleOptions(command).map((option) => ({
      short: option.short,
      long: option.long ?? '',
      description: option.description,
      value: placeholder(option.flags, option.argChoices),
    })),
    argument: argumentOf(command, program),
    isDefault: command.name() === 'run',
  }));
}

function argumentOf(command: Command, program: Command): CommandWords['argument'] {
  const [argument] = command.registeredArguments;
  if (argument === undefined) return undefined;
  // Commander's own command `help [command]`.
  if (argument.name() === 'command') {
    const choices = program.commands.map((other) => other.name());
    return { name: 'command', values: { kind: 'choices', choices } };
  }
  return placeholder(`<${argument.name()}>`, argument.argChoices);
}

/** What the flags call their value says what it is, as it does to people: `--source <source>` is a file among others. */
function placeholder(flags: string, choices: readonly string[] | undefined): OptionWords['value'] {
  const name = /[<[]([\w:]+)/.exec(flags)?.[1];
  if (name === undefined) return undefined;
  if (choices !== undefined) return { name, values: { kind: 'choices', choices } };
  if (/file|source/.test(name)) return { name, values: { kind: 'files' } };
  return { name, values: { kind: /folder|dir/.test(name) ? 'folders' : 'other' } };
}
