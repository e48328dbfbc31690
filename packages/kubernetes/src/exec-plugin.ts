import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { basename } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';

/** A credential with a certificate has some kilobytes. */
const maxOutputBytes = 1024 * 1024;

/** How the last run of a plug-in ended, in words; its own output may hold what it was asked for. */
export interface PluginRun {
  /** `aws` and so on. */
  name: string;
  isOver: boolean;
  outcome: string;
}

interface ExecAuthenticator {
  execFn: (command: string, args: string[], options: SpawnOptions) => ChildProcess;
}

export interface PluginBounds {
  /** It is killed after it, with all that it has begun, and when everything ends. */
  limitMs: number;
  ending: AbortSignal;
  /** Called for each run, when it begins and when it has ended. */
  onRun: (run: PluginRun) => void;
}

/**
 * Makes the kubeconfig's exec plug-in one that ends: the library waits for it for ever, keeps all that it writes, and a
 * child that runs keeps the process.
 */
export function boundPlugin(config: KubeConfig, bounds: PluginBounds): void {
  const authenticators = (config as unknown as { authenticators?: unknown[] }).authenticators ?? [];
  const isExec = (each: unknown): each is ExecAuthenticator =>
    typeof each === 'object' && each !== null && 'execFn' in each;
  const exec = authenticators.find(isExec);
  if (exec === undefined) return;
  exec.execFn = (command, args, options) => run(command, args ?? [], options, bounds);
}

function run(
  command: string,
  args: string[],
  options: SpawnOptions,
  { limitMs, ending, onRun }: PluginBounds,
): ChildProcess {
  const name = basename(command);
  onRun({ name, isOver: false, outcome: '' });
  // A group of its own: what it has begun holds its pipes open, and ends with it.
  const child = spawn(command, args, {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let why: string | undefined;
  const end = (reason: string) => {
    why ??= reason;
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  const limit = setTimeout(() => end(`it said nothing in ${limitMs / 1000} s`), limitMs).unref();
  const ended = () => end('the agent ends');
  ending.addEventListener('abort', ended);
  child.unref();
  for (const stream of [child.stdout, child.stderr]) {
    let bytes = 0;
    (stream as unknown as { unref?: () => void } | null)?.unref?.();
    stream?.on('data', (chunk: string | Buffer) => {
      bytes += chunk.length;
      if (bytes > maxOutputBytes) end('it wrote more than a credential has');
    });
  }
  child.on('error', ({ code }: NodeJS.ErrnoException) => {
    why ??= code ?? 'it cannot be started';
  });
  child.on('close', (code, signal) => {
    clearTimeout(limit);
    ending.removeEventListener('abort', ended);
    onRun({ name, isOver: true, outcome: why ?? (signal === null ? `exit code ${code}` : signal) });
  });
  return child;
}
