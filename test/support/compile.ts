import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildFolder } from './paths.ts';

const flags = ['-std=c17', '-O2', '-Wall', '-Wextra', '-Werror'];

/** The program built from one C file; compiled only when the source is newer. @throws when the compiler fails. */
export function compile(source: string): string {
  return compileAs(join(buildFolder, basename(source, '.c')), source, []);
}

/** The program, for a place that has no libraries. @throws when the compiler fails. */
export function compileStatic(source: string): string {
  return compileAs(join(buildFolder, `${basename(source, '.c')}-static`), source, ['-static']);
}

/** The library for LD_PRELOAD. @throws when the compiler fails. */
export function compileLibrary(source: string): string {
  return compileAs(join(buildFolder, `${basename(source, '.c')}.so`), source, ['-shared', '-fPIC']);
}

function compileAs(program: string, source: string, more: string[]): string {
  if (changedAt(program) > changedAt(source)) return program;
  mkdirSync(buildFolder, { recursive: true });
  // Under another name until it is whole: two test runs may compile at once.
  const unfinished = `${program}.${process.pid}`;
  execFileSync('cc', [...flags, ...more, '-o', unfinished, source], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  renameSync(unfinished, program);
  return program;
}

function changedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
