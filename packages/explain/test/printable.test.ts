import { expect, test } from 'vitest';
import { jsonLine, printable } from '../src/printable.js';

const hostile = 'a\u001b[31m\nb\u009b2Jc\u202ed\u2028e\u200b\u{e0001}\ud800z';

test('an escape sequence, a newline or a bidi override in a process name does not reach the terminal', () => {
  expect(printable(hostile)).toBe(
    'a\\x1b[31m\\x0ab\\x9b2Jc\\u{202e}d\\u{2028}e\\u{200b}\\u{e0001}\\u{d800}z',
  );
});

test('ordinary names, spaces and emoji are shown as they are', () => {
  expect(printable('Plex Media Server ü 日本 🦀')).toBe('Plex Media Server ü 日本 🦀');
});

test('JSON on a terminal is as harmless, and equal to any parser', () => {
  const line = jsonLine({ name: hostile });
  expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  expect(JSON.parse(line)).toEqual({ name: hostile });
});
