import {
  type BrowserContext,
  type Browser as Chromium,
  chromium,
  type Page,
} from 'playwright-core';
import { chromiumPath } from './paths.ts';

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** One for all tests of a file: its start takes longer than most of what they do. */
let launched: Promise<Chromium> | undefined;

/** Ends the Chromium of all pages. */
export async function closeBrowser(): Promise<void> {
  await (await launched)?.close();
  launched = undefined;
}

/** A page with a profile of its own, which nothing outlives, and everything that it asked for, said and complained of. */
export class Browser implements AsyncDisposable {
  readonly page: Page;
  readonly requests: string[] = [];
  readonly complaints: string[] = [];
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.on('request', (request) => this.requests.push(request.url()));
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('dialog', (dialog) => {
      this.complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      // A connection that the test itself cuts is one that the browser reports.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        this.complaints.push(message.text());
      }
    });
  }

  static async open(url: string, width = 1280): Promise<Browser> {
    launched ??= chromium.launch({ executablePath: chromiumPath, args, headless: true });
    const context = await (await launched).newContext({ viewport: { width, height: 900 } });
    const browser = new Browser(context, await context.newPage());
    await browser.page.goto(url);
    return browser;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
  }
}
