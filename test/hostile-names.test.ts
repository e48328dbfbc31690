import { expect, it } from 'vitest';
import { Agent, type Line } from './support/agent.ts';
import { oomKills } from './support/needs.ts';
import { describeSources } from './support/sources.ts';
import { runStorm, type StormChild } from './support/storm.ts';

/** A process's name as the kernel has it, and as `victim.name` must give it. */
const names: [bytes: Uint8Array, name: string][] = [
  [utf8('\x1b[2J\x1b[31mred'), '\x1b[2J\x1b[31mred'],
  [utf8('a\nKilled pro'), 'a\nKilled pro'],
  [utf8('a\r\tb\x7f'), 'a\r\tb\x7f'],
  [utf8(') total-vm:1kB,'), ') total-vm:1kB,'],
  [utf8(') pid: 1 (init)'), ') pid: 1 (init)'],
  [utf8(',pid=1,uid=0'), ',pid=1,uid=0'],
  [utf8('\u202egpj.exe'), '\u202egpj.exe'],
  [utf8('\u009b31m\u2028x'), '\u009b31m\u2028x'],
  [utf8('\ufeffbom'), '\ufeffbom'],
  [utf8('\\x41'), '\\x41'],
  [utf8(' '), ' '],
  [utf8(''), ''],
  [utf8('täsk€'), 'täsk€'],
  [Uint8Array.of(0x61, 0xff, 0xfe, 0x62), 'a\\xff\\xfeb'],
  [Uint8Array.of(0xed, 0xa0, 0x80), '\\xed\\xa0\\x80'],
  [Uint8Array.of(0x61, 0xe2, 0x82), 'a\\xe2\\x82'],
];

const invisible =
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffd]/u;

describeSources('a hostile process name', [oomKills], (source) => {
  it('is exact in JSON and raw in no output', async () => {
    await using json = await Agent.watching(['watch', '--json'], { source });
    await using human = await Agent.watching(['watch'], { source });
    const { children } = await runStorm({
      kills: names.length,
      comm: names.map(([bytes]) => bytes),
    });
    const reported = () => children.flatMap(({ pid }) => json.killOf(pid) ?? []);
    await json.until('prints every kill', () => reported().length >= names.length || undefined);
    await human.until(
      'prints every kill',
      () => linesOf(human, children).length >= names.length || undefined,
    );
    await json.stop();
    await human.stop();

    expect(reported().map(({ victim }) => [victim?.pid, victim?.name])).toEqual(
      children.map(({ pid, index }) => [pid, names[index]?.[1]]),
    );
    expect(linesOf(human, children)).toHaveLength(names.length);
    for (const { text } of [...human.stdout, ...human.stderr, ...json.stdout, ...json.stderr]) {
      expect(text).not.toMatch(invisible);
    }
  });
});

/** The lines for people that report these kills; a name with a newline would make two of one. */
function linesOf(agent: Agent, children: StormChild[]): Line[] {
  return children.flatMap(({ pid }) =>
    agent.stdout.filter(
      ({ text }) => text.includes('OOM kill') && text.includes(` (pid ${pid})  in `),
    ),
  );
}

function utf8(text: string): Uint8Array {
  return Buffer.from(text);
}
