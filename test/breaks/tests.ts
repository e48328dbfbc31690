import { readFileSync } from 'node:fs';
import { createVitest, type TestSpecification, type Vitest } from 'vitest/node';

/**
 * The tests of a tree, run again and again in one vitest: what is not broken is compiled once. None that reads the
 * machine's kernel log.
 */
export class Tests implements AsyncDisposable {
  readonly #vitest: Vitest;
  readonly #specifications = new Map<string, TestSpecification[]>();
  readonly #red = new Map<string, boolean>();

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
      exclude: ['**/node_modules/**', '**/*.live.test.ts'],
    });
    await vitest.standalone();
    return new Tests(vitest);
  }

  /** The files of a project's tests, those first that have the word: they are the likeliest to find that it is broken. */
  async files(project: string, word: string): Promise<string[][]> {
    const found = await this.#of(project);
    const files = found.map(({ moduleId }) => moduleId);
    const near = files.filter((file) =>
      new RegExp(`\\b${word}\\b`).test(readFileSync(file, 'utf8')),
    );
    return [near, files.filter((file) => !near.includes(file))].filter((some) => some.length > 0);
  }

  /** Whether all tests of these files fail before anything is broken: they find nothing then. */
  async green(project: string, files: readonly string[]): Promise<string[]> {
    const unknown = files.filter((file) => !this.#red.has(file));
    for (const [file, passed] of await this.run(project, unknown)) this.#red.set(file, !passed);
    return files.filter((file) => this.#red.get(file) === false);
  }

  /** Runs these files of a project: which passed. */
  async run(project: string, files: readonly string[]): Promise<[file: string, passed: boolean][]> {
    if (files.length === 0) return [];
    const chosen = (await this.#of(project)).filter(({ moduleId }) => files.includes(moduleId));
    const { testModules } = await this.#vitest.runTestSpecifications(chosen);
    return files.map((file) => [
      file,
      testModules.some(({ moduleId }) => moduleId === file) &&
        testModules.every((module) => module.moduleId !== file || module.ok()),
    ]);
  }

  /** The file has changed. */
  changed(file: string): void {
    this.#vitest.invalidateFile(file);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#vitest.close();
  }

  async #of(project: string): Promise<TestSpecification[]> {
    if (this.#specifications.size === 0) {
      for (const each of await this.#vitest.globTestSpecifications()) {
        const { name } = each.project;
        this.#specifications.set(name, [...(this.#specifications.get(name) ?? []), each]);
      }
    }
    return this.#specifications.get(project) ?? [];
  }
}
