import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileStatic } from '../compile.ts';
import { root } from '../paths.ts';

/** What of an image's configuration (OCI image-spec, config.md) is used here. */
export interface ImageConfig {
  Env?: string[];
  User?: string;
  Entrypoint: string[];
  Cmd?: string[];
}

/** The image that test pods run, also in the place of the pause container. */
export const hogImage = 'docker.io/library/hog:test';

export const agentImage = 'docker.io/library/oomwatcher:0.1.0';

/** The image of deploy/image, without a container engine: its files and the words of the Dockerfile's last stage. */
export function packAgentImage(folder: string): string {
  const files = join(folder, 'agent-image');
  const addon = join(root, 'native/build/Release/kmsg.node');
  execFileSync('sh', ['deploy/image/layout.sh', files, addon], { cwd: root, stdio: 'pipe' });
  const dockerfile = readFileSync(join(root, 'deploy/image/Dockerfile'), 'utf8');
  const said = (word: string) =>
    new RegExp(`^${word} (.+)$`, 'm').exec(dockerfile.slice(dockerfile.lastIndexOf('FROM ')))?.[1];
  return pack(files, agentImage, {
    Env: said('ENV')?.split(' ') ?? [],
    User: said('USER') ?? '',
    Entrypoint: JSON.parse(said('ENTRYPOINT') ?? '[]'),
    Cmd: JSON.parse(said('CMD') ?? '[]'),
  });
}

/** hog.c alone. */
export function packHogImage(folder: string): string {
  const files = join(folder, 'hog-image');
  mkdirSync(files);
  copyFileSync(compileStatic(join(import.meta.dirname, 'hog.c')), join(files, 'hog'));
  return pack(files, hogImage, { Entrypoint: ['/hog'], Cmd: ['pause'] });
}

/** A tar as `docker save` writes it, of one layer; `files` is removed. */
function pack(files: string, name: string, config: ImageConfig): string {
  const image = `${files}.parts`;
  mkdirSync(image);
  const layer = join(image, 'layer.tar');
  tar(layer, files, '.');
  rmSync(files, { recursive: true });
  const digest = createHash('sha256').update(readFileSync(layer)).digest('hex');
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const rootfs = { type: 'layers', diff_ids: [`sha256:${digest}`] };
  write(join(image, 'config.json'), { architecture, os: 'linux', config, rootfs });
  write(join(image, 'manifest.json'), [
    { Config: 'config.json', RepoTags: [name], Layers: ['layer.tar'] },
  ]);
  tar(`${files}.tar`, image, 'manifest.json', 'config.json', 'layer.tar');
  rmSync(image, { recursive: true });
  return `${files}.tar`;
}

function write(path: string, content: unknown): void {
  writeFileSync(path, JSON.stringify(content));
}

function tar(archive: string, folder: string, ...names: string[]): void {
  execFileSync('tar', ['--numeric-owner', '-C', folder, '-cf', archive, ...names]);
}
