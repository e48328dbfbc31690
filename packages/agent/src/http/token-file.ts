import { readFileSync } from 'node:fs';
import { InputError } from '../input/input-error.js';

const leastCharacters = 16;

/** The token in a file. @throws InputError when it is none that anybody should use; a system error */
export function readToken(path: string): string {
  const token = readFileSync(path, 'utf8').trim();
  if (token.length < leastCharacters || /[^\x21-\x7e]/.test(token)) {
    throw new InputError(
      `the token in ${path} must be one line of at least ${leastCharacters} visible ASCII characters: make one with \`openssl rand -hex 32\``,
    );
  }
  return token;
}
