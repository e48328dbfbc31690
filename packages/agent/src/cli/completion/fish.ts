import { shellQuoted } from './shells.js';
import type { CommandWords, OptionWords, Values } from './words.js';

/** For fish 3 and newer. */
export function fishCompletion(commands: readonly CommandWords[]): string {
  const lines = commands.flatMap((command) => {
    const condition = conditionOf(command, commands);
    return [
      add(`-n __fish_use_subcommand -a ${command.name}`, command.description),
      ...command.options.map((option) =>
        add(`-n ${condition} ${flags(option)}`, option.description),
      ),
      ...(command.argument === undefined
        ? []
        : [add(`-n ${condition} ${values(command.argument.values)}`, '')]),
    ];
  });
  return `# fish completion of oomwatcher; load it with: oomwatcher completion fish | source
complete -c oomwatcher -e
complete -c oomwatcher -f
${lines.join('\n')}
`;
}

function add(what: string, description: string): string {
  const help = description === '' ? '' : ` -d ${shellQuoted(description)}`;
  return `complete -c oomwatcher ${what.trimEnd()}${help}`;
}

function conditionOf({ name, isDefault }: CommandWords, all: readonly CommandWords[]): string {
  const others = all.map((command) => command.name).filter((other) => other !== name);
  return isDefault
    ? `'not __fish_seen_subcommand_from ${others.join(' ')}'`
    : `'__fish_seen_subcommand_from ${name}'`;
}

function flags({ short, long, value }: OptionWords): string {
  const names = `${short === undefined ? '' : `-s ${short.slice(1)} `}-l ${long.slice(2)}`;
  if (value === undefined) return names;
  // -x also keeps files away.
  return `${names} ${value.values.kind === 'files' ? '-r' : '-x'} ${values(value.values)}`;
}

function values(of: Values): string {
  switch (of.kind) {
    case 'choices':
      return `-a ${shellQuoted(of.choices.join(' '))}`;
    case 'files':
      return '-F';
    case 'folders':
      return "-a '(__fish_complete_directories)'";
    case 'other':
      return '';
  }
}
