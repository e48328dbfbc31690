/**
 * `(func (export "seekEnd") (result i32) (call $fd_seek (i32.const 0) (i64.const 0) (i32.const 2) (i32.const 0)))`, the
 * standard input's end, with fd_seek of WASI and a memory of one page, where the call writes the new position.
 */
const module = new Uint8Array([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...section(1, [2, 0x60, 4, 0x7f, 0x7e, 0x7f, 0x7f, 1, 0x7f, 0x60, 0, 1, 0x7f]),
  ...section(2, [1, ...name('wasi_snapshot_preview1'), ...name('fd_seek'), 0, 0]),
  ...section(3, [1, 1]),
  ...section(5, [1, 0, 1]),
  ...section(7, [2, ...name('memory'), 2, 0, ...name('seekEnd'), 0, 1]),
  ...section(10, [1, 12, 0, 0x41, 0, 0x42, 0, 0x41, 2, 0x41, 0, 0x10, 0, 0x0b]),
]);

/** Node's types leave it out. */
interface WithWebAssembly {
  WebAssembly: {
    Module: new (bytes: Uint8Array) => object;
    Instance: new (module: object, imports: object) => { exports: { seekEnd(): number } };
  };
}

/**
 * lseek(fd, 0, SEEK_END). Of Node's own calls none moves a descriptor; its WASI does, for a module that has the
 * descriptor as its standard input.
 *
 * @returns false: this runtime has no WASI, or `--permission` denies it
 */
export function seekEnd(fd: number): boolean {
  try {
    const WASI = loadQuietly();
    const wasi = new WASI({ version: 'preview1', stdin: fd });
    const { Module, Instance } = (globalThis as unknown as WithWebAssembly).WebAssembly;
    const instance = new Instance(new Module(module), wasi.getImportObject());
    wasi.initialize(instance);
    return instance.exports.seekEnd() === 0;
  } catch {
    return false;
  }
}

/** Loading it warns that it is experimental; other warnings must still come through. */
function loadQuietly(): typeof import('node:wasi').WASI {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule('node:wasi').WASI;
  } finally {
    process.emitWarning = emitWarning;
  }
}

function section(id: number, content: number[]): number[] {
  return [id, content.length, ...content];
}

function name(text: string): number[] {
  return [text.length, ...Buffer.from(text)];
}
