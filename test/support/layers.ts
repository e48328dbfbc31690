import { dirname, join, relative } from 'node:path';
import { importsOf } from './imports.ts';
import { publicEntries } from './workspaces.ts';

/** What a workspace may import besides its own files. */
interface Layer {
  workspaces: string[];
  /** Workspaces of which it may import types only. */
  typesOf?: string[];
  /** Packages of others; `declared`: those in its own manifest. */
  packages?: string[] | 'declared';
  /** Node.js itself; default true. */
  node?: boolean;
}

/** The arrows of the architecture, from the outside in: everything may know what a kill is, and that knows nothing. */
export const layers: Record<string, Layer> = {
  native: { workspaces: [] },
  // Pure: lines in, kills out.
  'packages/oom': { workspaces: [], node: false },
  'packages/logs': { workspaces: ['@oomwatcher/oom'] },
  'packages/explain': { workspaces: ['@oomwatcher/oom'], node: false },
  // Of the addon it has the types itself: addon-types.ts.
  'packages/kmsg': { workspaces: ['@oomwatcher/oom', '@oomwatcher/logs'] },
  'packages/watcher': { workspaces: ['@oomwatcher/kmsg', '@oomwatcher/oom'] },
  'packages/journal': {
    workspaces: ['@oomwatcher/oom'],
    typesOf: ['@oomwatcher/watcher'],
  },
  'packages/kubernetes': {
    workspaces: ['@oomwatcher/explain', '@oomwatcher/journal', '@oomwatcher/oom'],
    packages: ['@kubernetes/client-node', 'js-yaml', 'valibot'],
  },
  'packages/dashboard': {
    workspaces: ['@oomwatcher/explain', '@oomwatcher/logs', '@oomwatcher/oom'],
    typesOf: ['@oomwatcher/journal'],
    node: false,
  },
  'packages/agent': {
    workspaces: [
      '@oomwatcher/dashboard',
      '@oomwatcher/explain',
      '@oomwatcher/journal',
      '@oomwatcher/kmsg',
      '@oomwatcher/kubernetes',
      '@oomwatcher/logs',
      '@oomwatcher/oom',
      '@oomwatcher/watcher',
    ],
    packages: 'declared',
  },
};

/** The one file that loads the addon. */
const addonLoader = 'packages/kmsg/src/addon.ts';

export interface SourceFile {
  /** Relative to the checkout. */
  path: string;
  text: string;
  /** The names in its workspace's dependencies and optionalDependencies. */
  declared: string[];
}

/** One sentence for each import that goes against the arrows. */
export function violations(file: SourceFile): string[] {
  const folder = Object.keys(layers).find((name) => file.path.startsWith(`${name}/`));
  const layer = folder === undefined ? undefined : layers[folder];
  if (folder === undefined || layer === undefined) return [`${file.path} belongs to no layer`];
  return importsOf(file.text).flatMap(({ specifier, typeOnly }) => {
    if (specifier === undefined) return [`${file.path} computes what it imports`];
    const allowed = specifier.startsWith('.')
      ? staysInside(folder, file.path, specifier)
      : mayImport(layer, file, specifier, typeOnly);
    return allowed
      ? []
      : [`${file.path} must not import ${specifier}${typeOnly ? '' : ' at run time'}`];
  });
}

function staysInside(folder: string, path: string, specifier: string): boolean {
  const target = relative(folder, join(dirname(path), specifier));
  return !target.startsWith('..') && !target.startsWith('test/');
}

function mayImport(layer: Layer, file: SourceFile, specifier: string, typeOnly: boolean): boolean {
  if (specifier.startsWith('node:')) return layer.node !== false;
  const packageName = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  if (packageName.startsWith('@oomwatcher/')) {
    if (!publicEntries.has(specifier)) return false;
    if (layer.workspaces.includes(packageName)) return true;
    if (packageName === '@oomwatcher/native' && file.path === addonLoader) return true;
    return typeOnly && (layer.typesOf?.includes(packageName) ?? false);
  }
  const packages = layer.packages === 'declared' ? file.declared : (layer.packages ?? []);
  return packages.includes(packageName);
}
