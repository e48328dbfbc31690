import module from 'node:module';
import type * as native from './addon-types.js';

export type Addon = typeof native;

/** The addon, or one sentence on why it is not there. */
export type AddonLoad =
  | { addon: Addon; reason?: undefined; cause?: undefined }
  | { addon?: undefined; reason: string; cause: unknown };

/**
 * Loads the native addon. The one place that does: a missing addon is ordinary, an addon that is there and does not
 * load (glibc, ABI) is a fault of the installation, and silence about either would only look like slowness.
 */
export function loadAddon(load = requireAddon): AddonLoad {
  try {
    return { addon: load() };
  } catch (cause) {
    return { reason: reasonOf(cause), cause };
  }
}

/**
 * By these very words: @vercel/nft finds in them that the addon's files are needed; webpack, which cannot pack an addon, and
 * fails where it knows `createRequire` by its own name, leaves them to the running program.
 */
function requireAddon(): Addon {
  // What esbuild makes of a program in CommonJS has no import.meta.url; its file, or program (SEA), has a name.
  if (import.meta.url === undefined) {
    const require = module.createRequire(__filename);
    return require('@oomwatcher/native') as Addon;
  }
  const require = module.createRequire(import.meta.url);
  return require('@oomwatcher/native') as Addon;
}

/** The oldest that the manifests promise; of an older one npm leaves the addon out, which is optional, without a word. */
const oldestNode = [22, 19] as const;

function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ERR_NOT_BUILT') return message;
  if (code !== 'MODULE_NOT_FOUND') {
    return `the addon is there but does not load (${firstLine(String(message))})`;
  }
  const missing = `the addon @oomwatcher/native is not installed (${process.platform}-${process.arch})`;
  return isOldNode(process.versions.node)
    ? `${missing}: it needs Node ${oldestNode.join('.')} or newer, and this is ${process.versions.node}`
    : missing;
}

function isOldNode(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]!;
}
