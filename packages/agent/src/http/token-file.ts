import { readFileSync } from 'node:fs';
import { Refusal } from '../refusal.js';

const minCharacters = 16;

/** The token in a file. @throws Refusal when there is none, or none that anybody should use */
export function readToken(path: string): string {
  const token = contentOf(path).trim();
  if (token.length < minCharacters || /[^\x21-\x7e]/.test(token)) {
    throw new Refusal(
      `the token in ${path} must be one line of at least ${minCharacters} visible ASCII characters: make one with \`openssl rand -hex 32\``,
    );
  }
  return token;
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Refusal(
      `cannot read the token file ${path} (${code}): check what --token-file names and its permissions`,
    );
  }
}
