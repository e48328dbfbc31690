import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';

/** An archive in the format that the kernel unpacks at boot (newc, see the kernel's buffer-format.rst). */
export class CpioWriter implements Disposable {
  readonly #fd: number;
  readonly #directories = new Set<string>();
  #inode = 0;

  constructor(file: string) {
    this.#fd = openSync(file, 'w');
  }

  /** @param path absolute in the guest; its directories are made. */
  addFile(path: string, content: Uint8Array | string, mode = 0o755): void {
    this.#addParents(path);
    this.#add(path, 0o100000 | mode, Buffer.from(content));
  }

  copyFile(path: string, source: string, mode = 0o755): void {
    this.addFile(path, readFileSync(source), mode);
  }

  addDirectory(path: string): void {
    if (path === '' || this.#directories.has(path)) return;
    this.#addParents(path);
    this.#directories.add(path);
    this.#add(path, 0o040755, Buffer.alloc(0));
  }

  #addParents(path: string): void {
    this.addDirectory(path.slice(0, path.lastIndexOf('/')));
  }

  #add(path: string, mode: number, content: Buffer): void {
    const name = path.replace(/^\//, '');
    this.#inode++;
    const fields = [this.#inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length + 1, 0];
    const header = fields.map((field) => field.toString(16).padStart(8, '0')).join('');
    this.#write(Buffer.from(`070701${header}${name}\0`));
    this.#write(content);
  }

  /** Everything in the format begins at a multiple of 4. */
  #write(bytes: Buffer): void {
    writeFileSync(this.#fd, bytes);
    writeFileSync(this.#fd, Buffer.alloc(-bytes.length & 3));
  }

  [Symbol.dispose](): void {
    this.#add('TRAILER!!!', 0, Buffer.alloc(0));
    closeSync(this.#fd);
  }
}
