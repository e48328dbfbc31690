import { chinese } from './chinese.js';
import { english, type PageWords } from './english.js';

const languages = { en: english, zh: chinese };
export type LanguageCode = keyof typeof languages;

let current: PageWords = english;

/** What the page says, in the language that it is shown in. */
export function words(): PageWords {
  return current;
}

export function isLanguage(code: string): code is LanguageCode {
  return Object.hasOwn(languages, code);
}

/** The first that the reader wants and the page has. @param wanted as of `navigator.languages` */
export function languageOf(wanted: readonly string[]): LanguageCode {
  for (const tag of wanted) {
    const [code = ''] = tag.toLowerCase().split('-');
    if (isLanguage(code)) return code;
  }
  return 'en';
}

/** Speaks that language from now on; what is drawn already is to be drawn again. */
export function speak(code: LanguageCode): void {
  current = languages[code];
  document.documentElement.lang = current.htmlLanguage;
  for (const [attribute, set] of Object.entries(places)) {
    for (const element of document.querySelectorAll<HTMLElement>(`[data-${attribute}]`)) {
      const key = element.getAttribute(`data-${attribute}`) as keyof PageWords['page'];
      set(element, current.page[key]);
    }
  }
  const other = otherThan(code);
  const link = switchOf(document);
  link.textContent = languages[other].ownName;
  link.lang = languages[other].htmlLanguage;
  link.hreflang = languages[other].htmlLanguage;
}

/** The switch; opened elsewhere it is the page's address in the other language. */
export function onLanguage(choose: (code: LanguageCode) => void): void {
  const link = switchOf(document);
  const address = () => {
    const url = new URL(location.href);
    url.searchParams.set('lang', otherThan(current.code));
    link.href = url.href;
  };
  for (const name of ['pointerenter', 'focus']) link.addEventListener(name, address);
  address();
  link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(otherThan(current.code));
    address();
  });
}

function switchOf(page: Document): HTMLAnchorElement {
  return page.getElementById('language') as HTMLAnchorElement;
}

function otherThan(code: string): LanguageCode {
  return code === 'en' ? 'zh' : 'en';
}

/** Where an element of the page has its words: `data-words="openFile"`. */
const places: Record<string, (element: HTMLElement, words: string) => void> = {
  words: (element, words) => {
    element.textContent = words;
  },
  label: (element, words) => element.setAttribute('aria-label', words),
  title: (element, words) => element.setAttribute('title', words),
  placeholder: (element, words) => element.setAttribute('placeholder', words),
};
