import type { Plugin } from 'esbuild';

/**
 * Takes Node's http as `require` gives it. An `import` of a built-in module reads every export at once, and of this one
 * WebSocket among them, whose accessor loads a second HTTP client with its parser: 14 MB resident that nobody uses.
 */
export const withoutAccessors: Plugin = {
  name: 'without accessors: node:http',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?http$/ }, () => ({ path: 'node:http', namespace: 'required' }));
    onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('${path}');`,
    }));
  },
};
