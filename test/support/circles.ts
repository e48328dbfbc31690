import { dirname, join } from 'node:path';
import { importsOf } from './imports.ts';

/** The files of its own workspace that a source imports, types too: who reads one has to read the other. */
export function localImports(path: string, text: string): string[] {
  return importsOf(text).flatMap(({ specifier }) =>
    specifier?.startsWith('.') ? [join(dirname(path), specifier).replace(/\.js$/, '.ts')] : [],
  );
}

/** The same between folders; what a folder imports of its own does not count. */
export function foldersOf(files: ReadonlyMap<string, string[]>): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const [path, imported] of files) {
    const folder = dirname(path);
    const others = imported.map((target) => dirname(target)).filter((other) => other !== folder);
    folders.set(folder, [...(folders.get(folder) ?? []), ...others]);
  }
  return folders;
}

/** The first circle in a graph, its first node once more at its end. */
export function circleIn(graph: ReadonlyMap<string, string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (node: string, path: string[]): string[] | undefined => {
    const start = path.indexOf(node);
    if (start !== -1) return [...path.slice(start), node];
    if (done.has(node)) return undefined;
    for (const next of graph.get(node) ?? []) {
      const circle = visit(next, [...path, node]);
      if (circle !== undefined) return circle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const circle = visit(node, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
