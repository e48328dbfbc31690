import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { distTag } from '../../scripts/release/dist-tag.ts';
import { releasedPackages } from '../../scripts/release/packages.ts';
import { root } from '../support/paths.ts';
import { workspaces } from '../support/workspaces.ts';

describe('the name under which npm offers a version', () => {
  it.each([
    ['1.0.0', undefined, 'latest'],
    ['1.2.3', '1.2.2', 'latest'],
    ['1.10.0', '1.9.9', 'latest'],
    ['1.2.3', '1.2.3', 'latest'],
    ['1.2.3-rc.1', '1.2.2', 'next'],
    ['1.0.0-rc.1', undefined, 'next'],
    ['1.1.5', '1.2.0', 'release-1.1'],
    ['1.2.4', '2.0.0', 'release-1.2'],
  ])('of %s, where latest is %s, is %s', (version, latest, tag) => {
    expect(distTag(version, latest)).toBe(tag);
  });
});

it('packages are published after those that they depend on, and none is left out', () => {
  const released = releasedPackages();
  const published = workspaces.filter(({ manifest }) => !manifest.private);
  expect(released.map(({ name }) => name).sort()).toEqual(
    published.map(({ manifest }) => manifest.name).sort(),
  );
  const order = released.map(({ name }) => name);
  for (const { manifest } of published) {
    for (const name of Object.keys({
      ...manifest.dependencies,
      ...manifest.optionalDependencies,
    })) {
      if (order.includes(name))
        expect(order.indexOf(name)).toBeLessThan(order.indexOf(manifest.name));
    }
  }
});

/** npm with a registry that is a folder: `view` reads it, `publish` writes it, and one package can be refused. */
const fakeNpm = `#!/usr/bin/env node
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require('node:fs');
const { createHash } = require('node:crypto');
const [command, what, field] = process.argv.slice(2);
const registry = process.env.REGISTRY;
const path = (name) => registry + '/' + encodeURIComponent(name);
if (command === 'view') {
  if (!existsSync(path(what))) {
    console.log(JSON.stringify({ error: { code: 'E404' } }));
    process.exit(1);
  }
  const entry = JSON.parse(readFileSync(path(what), 'utf8'));
  if (entry[field] !== undefined) console.log(JSON.stringify(entry[field]));
} else if (command === 'publish') {
  if (process.env.REFUSED === what) process.exit(1);
  const { name, version } = JSON.parse(readFileSync('release.json', 'utf8')).find(({ file }) => './' + file === what);
  const integrity = 'sha512-' + createHash('sha512').update(readFileSync(what)).digest('base64');
  writeFileSync(path(name + '@' + version), JSON.stringify({ 'dist.integrity': integrity }));
  const tag = process.argv.find((flag) => flag.startsWith('--tag=')).slice(6);
  if (tag === 'latest') writeFileSync(path(name), JSON.stringify({ 'dist-tags.latest': version }));
  appendFileSync(registry + '/log', name + '@' + version + ' ' + tag + '\\n');
}
`;

function release(version: string, names = ['a', 'b', 'c']) {
  const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-release-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of ['bin', 'registry', 'release']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'bin/npm'), fakeNpm);
  chmodSync(join(folder, 'bin/npm'), 0o755);
  const packages = names.map((name) => {
    const file = `${name}-${version}.tgz`;
    writeFileSync(join(folder, 'release', file), `bytes of ${file}`);
    const hash = createHash('sha512').update(`bytes of ${file}`).digest('base64');
    return { name, version, file, integrity: `sha512-${hash}` };
  });
  writeFileSync(join(folder, 'release/release.json'), JSON.stringify(packages));
  return {
    folder,
    publish(env: Record<string, string> = {}) {
      return spawnSync(process.execPath, ['scripts/release/publish.ts', join(folder, 'release')], {
        cwd: root,
        encoding: 'utf8',
        env: {
          ...process.env,
          PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
          REGISTRY: join(folder, 'registry'),
          ...env,
        },
      });
    },
    log: () => readFileSync(join(folder, 'registry/log'), 'utf8').trim().split('\n'),
  };
}

describe('publishing', () => {
  it('that stopped halfway goes on where it stopped', () => {
    const { publish, log } = release('1.2.3');
    const first = publish({ REFUSED: './b-1.2.3.tgz' });
    expect(first.status).toBe(1);
    expect(first.stderr).toContain('b@1.2.3 was not published; run this job again');
    expect(log()).toEqual(['a@1.2.3 latest']);
    const second = publish();
    expect(second.stderr).toBe('');
    expect(second.status).toBe(0);
    expect(log()).toEqual(['a@1.2.3 latest', 'b@1.2.3 latest', 'c@1.2.3 latest']);
    expect(publish().status, 'once more changes nothing').toBe(0);
    expect(log()).toHaveLength(3);
  });

  it('of a candidate leaves `latest` alone', () => {
    const { publish, log } = release('1.3.0-rc.1', ['a']);
    expect(publish().status).toBe(0);
    expect(log()).toEqual(['a@1.3.0-rc.1 next']);
  });

  it('of other bytes than those that were tried is refused', () => {
    const { folder, publish } = release('1.2.3', ['a', 'b']);
    writeFileSync(join(folder, 'release/b-1.2.3.tgz'), 'other bytes');
    const { status, stderr } = publish();
    expect(status).toBe(1);
    expect(stderr).toContain('b-1.2.3.tgz is not the file that was packed and tried');
  });

  it('of a version that the registry has with other bytes is refused', () => {
    const { folder, publish } = release('1.2.3', ['a']);
    writeFileSync(join(folder, 'registry/a%401.2.3'), '{"dist.integrity":"sha512-other"}');
    const { status, stderr } = publish();
    expect(status).toBe(1);
    expect(stderr).toContain('a@1.2.3 is published with other bytes');
  });
});

it('a tag that does not name the version packs nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-pack-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  expect(() =>
    execFileSync(process.execPath, ['scripts/release/pack.ts', 'v9.9.9', folder], {
      cwd: root,
      stdio: 'pipe',
    }),
  ).toThrow('the tag is v9.9.9');
});
