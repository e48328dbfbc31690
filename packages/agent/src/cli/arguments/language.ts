import { english, type Words } from '@oomwatcher/explain';

export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

/** What the locale asks for, the first of POSIX's three that is set; English where it is another one. */
export function languageOf(env: NodeJS.ProcessEnv): Language {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return /^zh(?![a-z])/i.test(locale) ? 'zh' : 'en';
}

/** Read only where they are asked for. */
export async function wordsIn(language: Language = languageOf(process.env)): Promise<Words> {
  return language === 'zh' ? (await import('@oomwatcher/explain/chinese')).chinese : english;
}
