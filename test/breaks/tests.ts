import { readFileSync } from 'node:fs';
import { createVitest, type TestSpecification, type Vitest } from 'vitest/node';

/**
 * The files of tests of a tree, run again and again in one vitest: what is not broken is compiled once. None that reads
 * the machine's kernel log.
 */
export class Tests implements AsyncDisposable {
  readonly #vitest: Vitest;
  #all: TestSpecification[] | undefined;
  /** How long a file took that passes before anything is broken; undefined: it fails then, and finds nothing. */
  readonly #tookMs = new Map<string, number | undefined>();

  private constructor(vitest: Vitest) {
    this.#vitest = vitest;
  }

  static async of(folder: string): Promise<Tests> {
    const vitest = await createVitest('test', {
      root: folder,
      watch: false,
      reporters: [{}],
      // What is broken may be waited for without end.
      testTimeout: 60_000,
      hookTimeout: 60_000,
      expect: { poll: { timeout: 60_000 } },
      exclude: ['**/node_modules/**', '**/*.live.test.ts'],
    });
    await vitest.standalone();
    return new Tests(vitest);
  }

  /** A project's files, the likeliest to find that a word is broken first: those that have it, and of them the quickest. */
  async files(project: string, word: string): Promise<string[]> {
    this.#all ??= await this.#vitest.globTestSpecifications();
    const named = new RegExp(`\\b${word}\\b`);
    return this.#all
      .filter((each) => each.project.name === project)
      .map(({ moduleId: file }) => {
        const text = readFileSync(file, 'utf8');
        return { file, isNear: named.test(text), ms: this.#tookMs.get(file) ?? text.length / 10 };
      })
      .sort((a, b) => Number(b.isNear) - Number(a.isNear) || a.ms - b.ms)
      .map(({ file }) => file);
  }

  /** Whether its tests pass before anything is broken. */
  async isGreen(file: string): Promise<boolean> {
    if (!this.#tookMs.has(file)) {
      const startMs = performance.now();
      const passed = await this.passes(file);
      this.#tookMs.set(file, passed ? performance.now() - startMs : undefined);
    }
    return this.#tookMs.get(file) !== undefined;
  }

  async passes(file: string): Promise<boolean> {
    const chosen = this.#all?.filter(({ moduleId }) => moduleId === file) ?? [];
    const { testModules } = await this.#vitest.runTestSpecifications(chosen);
    return testModules.length > 0 && testModules.every((module) => module.ok());
  }

  /** The file has changed. */
  changed(file: string): void {
    this.#vitest.invalidateFile(file);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#vitest.close();
  }
}
