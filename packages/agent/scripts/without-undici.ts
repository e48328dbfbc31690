import type { Plugin } from 'esbuild';

/**
 * Leaves out the HTTP client of the Kubernetes client, 730 KB of code: the agent takes from it who and where, and asks
 * the server through node:https (src/kubernetes/client.ts).
 */
export const withoutUndici: Plugin = {
  name: 'without undici',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'left-out' }));
    onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({
      contents: ['Agent', 'ProxyAgent', 'fetch']
        .map((name) => `export function ${name}() { throw new Error('undici is not bundled'); }`)
        .join('\n'),
    }));
  },
};
