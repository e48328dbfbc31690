import { describe, expect, test } from 'vitest';
import { languageOf, wordsIn } from '../src/cli/arguments/language.js';

describe('the language of an explanation', () => {
  test.each([
    [{}, 'en'],
    [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
    [{ LANG: 'zh' }, 'zh'],
    [{ LANG: 'de_DE.UTF-8' }, 'en'],
    [{ LANG: 'zha_CN' }, 'en'],
    [{ LANG: 'zh_CN.UTF-8', LC_MESSAGES: 'en_US.UTF-8' }, 'en'],
    [{ LANG: 'en_US.UTF-8', LC_MESSAGES: 'zh_CN.UTF-8' }, 'zh'],
    [{ LC_ALL: 'C', LC_MESSAGES: 'zh_CN.UTF-8', LANG: 'zh_CN.UTF-8' }, 'en'],
    // What is empty is as if it were not set (POSIX, 8.2).
    [{ LC_ALL: '', LANG: 'zh_CN' }, 'zh'],
  ] as const)('of %o is %s', (env, language) => {
    expect(languageOf(env)).toBe(language);
  });

  test('is read where it is asked for', async () => {
    expect((await wordsIn('zh')).paragraph.labels.limit).toBe('限额');
    expect((await wordsIn('en')).paragraph.labels.limit).toBe('Limit');
  });
});
