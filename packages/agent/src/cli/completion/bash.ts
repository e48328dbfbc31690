import type { CommandWords, Values } from './words.js';

/** For bash 4 and newer; also where its own extension `bash-completion` is not installed. */
export function bashCompletion(commands: readonly CommandWords[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  const byDefault = commands.find(({ isDefault }) => isDefault)?.name ?? '';
  return `# bash completion of oomwatcher; load it with: source <(oomwatcher completion bash)
_oomwatcher_reply() { # words
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}
_oomwatcher_paths() { # -f or -d
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
}
_oomwatcher() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=${byDefault}
  COMPREPLY=()
  # --option=value comes as three words.
  if [[ $word == = ]]; then word=; elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  if ((COMP_CWORD > 1)) && [[ " ${names} " == *" \${COMP_WORDS[1]} "* ]]; then
    command=\${COMP_WORDS[1]}
  fi
  case "$command $before" in
${commands.flatMap(valueCases).join('\n')}
  esac
  if [[ $word == -* ]]; then
    case $command in
${commands.map(optionCase).join('\n')}
    esac
  elif ((COMP_CWORD == 1)); then
    _oomwatcher_reply '${names}' "$word"
  else
    case $command in
${commands.flatMap(argumentCase).join('\n')}
    esac
  fi
}
complete -F _oomwatcher oomwatcher
`;
}

function valueCases({ name, options }: CommandWords): string[] {
  return options.flatMap(({ short, long, value }) => {
    if (value === undefined) return [];
    const flags = [short, long].flatMap((flag) => (flag === undefined ? [] : `'${name} ${flag}'`));
    return [`    ${flags.join(' | ')})${reply(value.values)} return ;;`];
  });
}

function optionCase({ name, options }: CommandWords): string {
  const flags = options.flatMap(({ short, long }) => (short === undefined ? long : [short, long]));
  return `      ${name})${reply({ kind: 'choices', choices: flags })} ;;`;
}

function argumentCase({ name, argument }: CommandWords): string[] {
  return argument === undefined ? [] : [`      ${name})${reply(argument.values)} ;;`];
}

function reply(values: Values): string {
  switch (values.kind) {
    case 'choices':
      return ` _oomwatcher_reply '${values.choices.join(' ')}' "$word";`;
    case 'files':
      return ' _oomwatcher_paths -f "$word";';
    case 'folders':
      return ' _oomwatcher_paths -d "$word";';
    case 'other':
      return '';
  }
}
