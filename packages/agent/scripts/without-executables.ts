import type { Plugin } from 'esbuild';

/** commander starts programs for the commands that are files of their own. There is none here, and Node's way of doing it takes 3 ms to load. */
export const withoutExecutables: Plugin = {
  name: "without commander's executables",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes('/node_modules/commander/')
        ? { path: 'node:child_process', namespace: 'no-executables' }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'no-executables' }, () => ({
      contents: 'export default undefined;',
    }));
  },
};
