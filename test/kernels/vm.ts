import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Architecture } from './architecture.ts';
import { Missing } from './missing.ts';

export interface VmOptions {
  architecture: Architecture;
  kernel: string;
  initramfs: string;
  /** Where the guest's second serial port goes. */
  output: string;
  memoryMiB: number;
  cpus: number;
  timeoutSeconds: number;
  /** A `@<word>…` line of the guest's console, and how long after the machine was switched on. */
  onMark: (words: string[], seconds: number) => void;
}

/** @throws Missing */
export function requireEmulator({ emulator, emulatorPackage }: Architecture): string {
  const { stdout, error } = spawnSync(emulator, ['--version'], { encoding: 'utf8' });
  if (error !== undefined) throw new Missing(`no ${emulator} here: install ${emulatorPackage}`);
  return stdout.split('\n', 1)[0] as string;
}

/** Runs a guest until it switches itself off. @throws when it panics or does not end in time, with the console's tail. */
export async function runVm(options: VmOptions): Promise<void> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  // timeout(1) and not a timer of ours: a machine that hangs must not outlive a test run that was killed.
  const vm = spawn(
    'timeout',
    [
      ...['--foreground', '--signal=KILL', String(options.timeoutSeconds)],
      ...['nice', '-n', '19', options.architecture.emulator, ...emulatorArguments(options)],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const consoleLines: string[] = [];
  let ended = false;
  for (const stream of [vm.stdout, vm.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      consoleLines.push(line);
      if (!line.startsWith('@')) return;
      const words = line.slice(1).trim().split(' ');
      ended ||= words[0] === 'end';
      options.onMark(words, seconds());
    });
  const [code] = await once(vm, 'close');
  if (ended) return;
  const what =
    code === killed ? `did not end within ${options.timeoutSeconds} s` : 'ended too early';
  throw new Error(
    `the machine ${what}; the end of its console:\n${consoleLines.slice(-25).join('\n')}`,
  );
}

/** timeout(1)'s status when it had to use SIGKILL. */
const killed = 137;

function emulatorArguments(options: VmOptions): string[] {
  const { architecture, kernel, initramfs, output, memoryMiB, cpus } = options;
  const commandLine = [
    `console=${architecture.console}`,
    // Only what the kernel says while it dies: everything else is slow, and is in the log anyway.
    'loglevel=0',
    'mitigations=off',
    'panic=-1',
    'random.trust_cpu=on',
    'tsc=reliable',
    'no_timer_check',
  ];
  return [
    ...[...architecture.machine, '-smp', String(cpus), '-m', String(memoryMiB)],
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none'],
    ...['-serial', 'stdio', ...architecture.secondPort.arguments(output)],
    ...['-kernel', kernel, '-initrd', initramfs, '-append', commandLine.join(' ')],
  ];
}
