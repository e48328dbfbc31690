import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { root } from './paths.ts';

const addon = 'native/build/Release/kmsg.node';

/**
 * The sources of the checkout once more, to be changed: without anything that was built but the addon, with links to the
 * packages that are installed in the checkout.
 */
export class SourceCopy implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'oomwatcher-copy-'));

  constructor() {
    // Tests run programs as other users.
    chmodSync(this.folder, 0o755);
    const isMade = /^(dist|bundle|build|test-results|node_modules|\.turbo)$/;
    const names = [
      'packages',
      'native',
      'benchmarks',
      'examples',
      'test',
      'docs',
      'vitest.config.ts',
    ];
    for (const name of [...names, 'tsconfig.base.json', 'package.json']) {
      cpSync(join(root, name), join(this.folder, name), {
        recursive: true,
        filter: (path) => !isMade.test(basename(path)),
      });
    }
    if (existsSync(join(root, addon))) cpSync(join(root, addon), join(this.folder, addon));
    const installed = join(root, 'node_modules');
    const modules = join(this.folder, 'node_modules');
    mkdirSync(join(modules, '@oomwatcher'), { recursive: true });
    for (const name of readdirSync(installed)) {
      // Of ours the copy's; what vite keeps is each tree's own.
      if (/^(@oomwatcher|oomwatcher|\.vite.*)$/.test(name)) continue;
      symlinkSync(join(installed, name), join(modules, name));
    }
    symlinkSync('../packages/agent', join(modules, 'oomwatcher'));
    for (const name of ['native', 'test']) {
      symlinkSync(`../../${name}`, join(modules, '@oomwatcher', name));
    }
    for (const name of readdirSync(join(root, 'packages'))) {
      if (name === 'agent') continue;
      symlinkSync(`../../packages/${name}`, join(modules, '@oomwatcher', name));
    }
  }

  /** Runs tests of one workspace in the copy, but for those that read the machine's kernel log. */
  vitest(project: string, ...arguments_: string[]): { passed: boolean; output: string } {
    const always = ['run', '--project', project, '--bail', '1', '--exclude', '**/*.live.test.ts'];
    return this.#run('vitest', [...always, ...arguments_]);
  }

  /** Checks the types of these files of a package, and of what they import. */
  types(project: string, files: readonly string[]): { passed: boolean; output: string } {
    const folder = join(this.folder, 'packages', project, 'test');
    writeFileSync(
      join(folder, 'tsconfig.some.json'),
      JSON.stringify({
        extends: './tsconfig.json',
        include: [],
        files: files.map((file) => join(this.folder, file)),
      }),
    );
    return this.#run('tsc', ['-p', join(folder, 'tsconfig.some.json'), '--noEmit']);
  }

  #run(program: string, arguments_: string[]): { passed: boolean; output: string } {
    const { status, stdout, stderr } = spawnSync(
      join('node_modules/.bin', program),
      arguments_,
      // A test of a test: what this machine lacks is no failure of the copy.
      {
        cwd: this.folder,
        encoding: 'utf8',
        env: { ...process.env, OOMWATCHER_REQUIRE_ALL: '', NO_COLOR: '1', FORCE_COLOR: '0' },
      },
    );
    return { passed: status === 0, output: stdout + stderr };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}
