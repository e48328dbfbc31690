import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Pass } from './pass.ts';

const source = fileURLToPath(new URL('../native/floor.c', import.meta.url));
const binary = fileURLToPath(new URL('../build/floor', import.meta.url));

/** The bare C loop, as a process that makes one pass over the ring whenever it is asked. */
export class Floor {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    compile();
    this.#child = spawn(binary);
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  async pass(): Promise<Pass> {
    this.#child.stdin.write('pass\n');
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the floor program ended');
    const [records, ns] = (value as string).split(' ').map(Number);
    return { records: records as number, ns: ns as number };
  }

  [Symbol.dispose](): void {
    this.#child.stdin.end();
  }
}

function compile(): void {
  const built = statSync(binary, { throwIfNoEntry: false });
  if (built !== undefined && built.mtimeMs > statSync(source).mtimeMs) return;
  mkdirSync(new URL('../build/', import.meta.url), { recursive: true });
  execFileSync('g++', ['-O2', '-x', 'c', source, '-o', binary], { stdio: 'inherit' });
}
