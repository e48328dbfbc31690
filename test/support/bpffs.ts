import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A BPF file system of the test's own, as root. */
export function bpffs(): string {
  const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-bpffs-'));
  execFileSync('mount', ['-t', 'bpf', 'bpf', folder]);
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true });
  });
  return folder;
}
