import { shellQuoted } from './shells.js';
import type { CommandWords, OptionWords, Values } from './words.js';

/** For a file `_oomwatcher` on fpath, or to be sourced after compinit. */
export function zshCompletion(commands: readonly CommandWords[]): string {
  const byDefault = commands.find(({ isDefault }) => isDefault)?.name ?? '';
  const described = commands.map(({ name, description }) => `${name}:${escaped(description, ':')}`);
  return `#compdef oomwatcher
# zsh completion of oomwatcher; load it with: source <(oomwatcher completion zsh)
_oomwatcher() {
  local command=${byDefault}
  local -a commands=(
${described.map((text) => `    ${shellQuoted(text)}`).join('\n')}
  )
  if ((CURRENT == 2)) && [[ $words[2] != -* ]]; then
    _describe -t commands command commands
    return
  fi
  if [[ -n $commands[(r)$words[2]:*] ]]; then
    command=$words[2]
    shift words
    ((CURRENT--))
  fi
  case $command in
${commands.map(argumentsCase).join('\n')}
  esac
}
if [[ $funcstack[1] == _oomwatcher ]]; then
  _oomwatcher "$@"
else
  compdef _oomwatcher oomwatcher
fi
`;
}

function argumentsCase({ name, options, argument }: CommandWords): string {
  const specs = options.flatMap(optionSpecs);
  if (argument !== undefined) {
    specs.push(`*:${escaped(argument.name, ':')}${action(argument.values)}`);
  }
  return `    ${name}) _arguments ${specs.map(shellQuoted).join(' ')} ;;`;
}

function optionSpecs({ short, long, description, value }: OptionWords): string[] {
  const help = `[${escaped(description, '[]')}]`;
  const rest =
    value === undefined ? help : `${help}:${escaped(value.name, ':')}${action(value.values)}`;
  const names = value === undefined ? [short, long] : [short, `${long}=`];
  return names.flatMap((flag) => (flag === undefined ? [] : `${flag}${rest}`));
}

function action(values: Values): string {
  switch (values.kind) {
    case 'choices':
      return `:(${values.choices.join(' ')})`;
    case 'files':
      return ':_files';
    case 'folders':
      return ':_files -/';
    case 'other':
      return ': ';
  }
}

function escaped(text: string, special: string): string {
  return text.replace(/[\\:[\]]/g, (character) =>
    character === '\\' || special.includes(character) ? `\\${character}` : character,
  );
}
