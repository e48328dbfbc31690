import type { Command } from 'commander';
import { standardOutput } from '../../output/standard-output.js';
import { bashCompletion } from '../completion/bash.js';
import { fishCompletion } from '../completion/fish.js';
import type { Shell } from '../completion/shells.js';
import { wordsOf } from '../completion/words.js';
import { zshCompletion } from '../completion/zsh.js';

const scripts: Record<Shell, (words: ReturnType<typeof wordsOf>) => string> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `oomwatcher completion`: prints what lets a shell complete the command line of `program`. */
export function completionCommand(program: Command, shell: Shell): void {
  standardOutput.writeLine(scripts[shell](wordsOf(program)).trimEnd());
}
