import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { beforeAll, expect, it } from 'vitest';
import { builtAgent, builtBundle, needs, nodeRegistry, prebuildTools } from '../support/needs.ts';
import { buildFolder, root } from '../support/paths.ts';
import { installPackages } from '../support/registry.ts';
import { packAll, published, type Tarball } from '../support/tarballs.ts';

const architecture = `linux-${process.arch}`;

/** What each package holds besides LICENSE, README.md and package.json: nothing else may be there. */
const contents: Record<string, RegExp[]> = {
  native: [
    /^index\.(js|d\.ts)$/,
    /^src\/binding\.gyp$/,
    /^src\/(core|glue|memory|witness)\/\w+\.(cc|h)$/,
    // What the linker exports.
    /^src\/glue\/exports\.map$/,
    // What src/witness/program.h is compiled from.
    /^bpf\/(README\.md|witness\.bpf\.c)$/,
    /^prebuilds\/linux-(x64|arm64)\/kmsg\.(glibc|musl)\.node$/,
  ],
  'packages/agent': [
    /^bin\/oomwatcher\.cjs$/,
    /^bundle\/[\w-]+\.js(\.map)?$/,
    /^bundle\/oomwatcher\.1$/,
    /^bundle\/THIRD-PARTY-LICENSES\.txt$/,
    /^recordings\/(README\.md|storm\.(kmsg|json))$/,
  ],
};
const library = [/^dist\/[\w/-]+\.(js|d\.ts)(\.map)?$/, /^src\/[\w/-]+\.ts$/];

needs(builtAgent, builtBundle, prebuildTools).describe(
  'the packages as npm would upload them',
  () => {
    let tarballs: Tarball[];
    const tarballOf = (folder: string) => tarballs.find((tarball) => tarball.folder === folder)!;
    beforeAll(() => {
      tarballs = packAll();
    });

    it.each(published)('$folder holds what it should and nothing else', ({ folder }) => {
      const { files } = tarballOf(folder);
      expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
      const own = files.filter((file) => !['LICENSE', 'README.md', 'package.json'].includes(file));
      const expected = contents[folder] ?? library;
      expect(own.filter((file) => !expected.some((pattern) => pattern.test(file)))).toEqual([]);
      for (const pattern of expected) expect(own).toContainEqual(expect.stringMatching(pattern));
    });

    it.each(published)('$folder carries the license of the repository', ({ folder }) => {
      const text = (path: string) => readFileSync(join(root, path, 'LICENSE'), 'utf8');
      expect(text(folder)).toBe(text('.'));
    });

    it('native holds the addon for this machine', () => {
      expect(tarballOf('native').files).toContain(`prebuilds/${architecture}/kmsg.glibc.node`);
    });

    it.each(published)('$folder is without a fault to publint', async ({ folder }) => {
      const { path, manifest } = tarballOf(folder);
      const tarball = new Uint8Array(readFileSync(path)).buffer;
      const { messages } = await publint({ pack: { tarball }, strict: true });
      expect(messages.map((message) => formatMessage(message, manifest as never))).toEqual([]);
    });

    it.each(published.filter(({ manifest }) => manifest.bin === undefined))(
      '$folder has types that resolve as its code does',
      ({ folder }) => {
        const attw = join(root, 'node_modules/.bin/attw');
        // Ours are ES modules, native is not: what `require` of an ES module gives does not count.
        const profile = folder === 'native' ? 'node16' : 'esm-only';
        execFileSync(attw, ['--profile', profile, '--format', 'ascii', tarballOf(folder).path], {
          stdio: 'pipe',
        });
      },
    );

    needs(nodeRegistry).describe('installed', () => {
      const folder = join(buildFolder, 'consumer');
      beforeAll(async () => {
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, 'package.json'), '{"private": true, "type": "module"}');
        await installPackages(tarballs, ['@oomwatcher/watcher'], { folder });
      });

      it('compile the examples of their READMEs, every declaration checked', () => {
        const examples = published.flatMap(({ folder: of }) => examplesOf(of));
        expect(examples.length).toBeGreaterThanOrEqual(3);
        for (const [index, example] of examples.entries()) {
          writeFileSync(join(folder, `example-${index}.ts`), example);
        }
        writeFileSync(
          join(folder, 'tsconfig.json'),
          JSON.stringify({
            compilerOptions: {
              strict: true,
              exactOptionalPropertyTypes: true,
              skipLibCheck: false,
              module: 'NodeNext',
              target: 'ES2024',
              types: ['node'],
              typeRoots: [join(root, 'node_modules/@types')],
              noEmit: true,
            },
            include: ['*.ts'],
          }),
        );
        const tsc = join(root, 'node_modules/typescript/bin/tsc');
        execFileSync(process.execPath, [tsc, '-p', folder], { stdio: 'pipe' });
      });

      it('build the addon from their own sources', () => {
        const native = join(folder, 'node_modules/@oomwatcher/native');
        rmSync(join(native, 'prebuilds'), { recursive: true });
        const nodeGyp = join(root, 'node_modules/.bin/node-gyp');
        const [headers] = globSync('node_modules/{node/node_modules/,}node-linux-*', { cwd: root });
        // An addon that somebody builds of its own is built with what node-gyp needs; here the checkout has it.
        cpSync(
          join(root, 'node_modules/node-addon-api'),
          join(native, 'node_modules/node-addon-api'),
          { recursive: true },
        );
        execFileSync(nodeGyp, ['rebuild', '-C', 'src', `--nodedir=${join(root, headers ?? '')}`], {
          cwd: native,
          stdio: 'pipe',
        });
        const script = "console.log(require('@oomwatcher/native').KmsgReader.name)";
        const printed = execFileSync(process.execPath, ['-e', script], { cwd: folder });
        expect(printed.toString()).toBe('KmsgReader\n');
      });
    });
  },
);

function examplesOf(folder: string): string[] {
  const readme = readFileSync(join(root, folder, 'README.md'), 'utf8');
  return [...readme.matchAll(/^```ts\n([\s\S]*?)\n```$/gm)].map(([, code]) => code ?? '');
}
