import type { Command } from 'commander';
import { standardOutput } from '../../output/standard-output.js';
import { bashCompletion } from '../completion/bash.js';
import { fishCompletion } from '../completion/fish.js';
import { wordsOf } from '../completion/words.js';
import { zshCompletion } from '../completion/zsh.js';

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

export type Shell = keyof typeof scripts;

export const shells = Object.keys(scripts) as Shell[];

/** `oomwatcher completion`: prints what lets a shell complete the command line of `program`. */
export function completionCommand(program: Command, shell: Shell): void {
  standardOutput.writeLine(scripts[shell](wordsOf(program)).trimEnd());
}
