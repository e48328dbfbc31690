import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
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

/** Ends what hangs. Playwright's own is 30 s, which starting Chromium takes on a busy machine. */
const deadlineMs = 300_000;

/** A page in a Chromium of its own, and everything that it asked for, said and complained of. */
export class Browser implements AsyncDisposable {
  readonly page: Page;
  readonly requests: string[] = [];
  readonly complaints: string[] = [];
  readonly #context: BrowserContext;
  readonly #profile: string;

  private constructor(context: BrowserContext, page: Page, profile: string) {
    this.#context = context;
    this.#profile = profile;
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

  /** @param locale what the reader speaks */
  static async open(url: string, width = 1280, locale = 'en-US'): Promise<Browser> {
    const profile = mkdtempSync(join(tmpdir(), 'oomwatcher-browser-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: chromiumPath,
      timeout: deadlineMs,
      args,
      headless: true,
      locale,
      viewport: { width, height: 900 },
    });
    context.setDefaultTimeout(deadlineMs);
    const browser = new Browser(context, context.pages()[0] as Page, profile);
    await browser.page.goto(url);
    return browser;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
    rmSync(this.#profile, { recursive: true, force: true });
  }
}
