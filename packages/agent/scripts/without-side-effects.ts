import type { Plugin } from 'esbuild';

/** Not asked again by this plugin's own question. */
const asked = {};

/**
 * Lets esbuild leave out what is not used of a package that does not say itself that its modules only define things.
 * Without it the Kubernetes client costs 15 MB more resident.
 */
export function withoutSideEffects(packageName: string): Plugin {
  const inside = `/node_modules/${packageName}/`;
  return {
    name: `without side effects: ${packageName}`,
    setup({ onResolve, resolve }) {
      onResolve({ filter: /^[^:]*$/ }, async ({ path, pluginData, ...from }) => {
        const concerned = path === packageName || from.importer.includes(inside);
        if (pluginData === asked || !concerned) return undefined;
        const { kind, importer, namespace, resolveDir } = from;
        const found = await resolve(path, {
          kind,
          importer,
          namespace,
          resolveDir,
          pluginData: asked,
        });
        return found.external ? found : { ...found, sideEffects: false };
      });
    },
  };
}
