import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { chinese } from '../src/page/language/chinese.js';
import { english } from '../src/page/language/english.js';
import { languageOf } from '../src/page/language/language.js';

const html = readFileSync(new URL('../src/page/index.html', import.meta.url), 'utf8');

test('every element that asks for words gets some, and no words wait for an element', () => {
  const asked = [...html.matchAll(/data-(?:words|label|title|placeholder)="(\w+)"/g)].map(
    ([, key]) => key as string,
  );
  // The button's other face, and what the list says too.
  const shownByScript = ['closeFile'];
  expect(new Set([...asked, ...shownByScript])).toEqual(new Set(Object.keys(english.page)));
});

test('the page has no words of its own that no language has', () => {
  const body = html.slice(html.indexOf('<body>')).replace(/<noscript>.*?<\/noscript>/s, '');
  const texts = body.replace(/<[^>]*>/g, '\n').split('\n');
  const said = texts.map((text) => text.trim()).filter((text) => text !== '');
  expect(new Set(said)).toEqual(new Set(['oomWatcher', 'JSON', 'CSV']));
  expect(body).not.toMatch(/ (?:aria-label|title|placeholder)="/);
});

/** Every sentence without a figure, by its key. */
function sentencesOf(words: object, path = ''): [key: string, sentence: string][] {
  return Object.entries(words).flatMap(([name, value]): [string, string][] => {
    const key = `${path}${name}`;
    if (typeof value === 'string') return [[key, value]];
    const isPlain = Object.getPrototypeOf(value) === Object.prototype || Array.isArray(value);
    return isPlain ? sentencesOf(value, `${key}.`) : [];
  });
}

/** What is called so in every language, and what is between two sentences. */
const sameEverywhere = [
  'code',
  'htmlLanguage',
  'explanation.paragraph.labels.cgroup',
  'explanation.paragraph.title',
  'victims.pods',
  'list.columns.pod',
  'list.columns.cgroup',
  'kill.navigation',
  'runUp.kill',
  'kill.between',
  'kill.levels.pod',
  'kill.levels.service',
  'kill.levels.slice',
  'kill.fact.podUid',
  'kill.task.swap',
];

test('no sentence of the Chinese is one that was forgotten in English', () => {
  const same = sentencesOf(chinese).filter(([, said]) => !/[\p{sc=Han}，]/u.test(said));
  expect(same.map(([key]) => key).sort()).toEqual([...sameEverywhere].sort());
  expect(
    sentencesOf(chinese)
      .map(([key]) => key)
      .sort(),
  ).toEqual(
    sentencesOf(english)
      .map(([key]) => key)
      .sort(),
  );
});

test('the language is the first that the reader wants and the page has', () => {
  expect(languageOf(['zh-CN', 'en'])).toBe('zh');
  expect(languageOf(['fr', 'zh-Hans-SG', 'en'])).toBe('zh');
  expect(languageOf(['EN-us', 'zh'])).toBe('en');
  for (const wanted of [[], ['fr'], ['zha'], ['__proto__']]) expect(languageOf(wanted)).toBe('en');
});

test('numbers and times are as the language writes them', () => {
  expect(english.formats.count(1234567)).toBe('1,234,567');
  expect(english.formats.ago(180_000)).toBe('3 minutes ago');
  expect(english.formats.duration(60_000)).toBe('1 minute');
  expect(chinese.formats.ago(180_000)).toMatch(/^3 ?分钟前$/);
  expect(chinese.formats.duration(7_200_000)).toMatch(/^2 ?小时$/);
  const day = new Date(2026, 10, 23, 14, 3, 22);
  expect(english.formats.day.format(day)).toBe('23 Nov');
  expect(chinese.formats.day.format(day)).toBe('11月23日');
  for (const { formats } of [english, chinese]) expect(formats.second.format(day)).toBe('14:03:22');
});
