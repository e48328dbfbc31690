import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Missing } from './missing.ts';

export interface VmOptions {
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

const emulator = 'qemu-system-x86_64';

/** @throws Missing */
export function requireEmulator(): string {
  const { stdout, error } = spawnSync(emulator, ['--version'], { encoding: 'utf8' });
  if (error !== undefined) throw new Missing('no qemu-system-x86_64 here: install qemu-system-x86');
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
      ...['nice', '-n', '19', emulator, ...emulatorArguments(options)],
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

function emulatorArguments({ kernel, initramfs, output, memoryMiB, cpus }: VmOptions): string[] {
  const commandLine = [
    'console=ttyS0',
    // Only what the kernel says while it dies: everything else is slow, and is in the log anyway.
    'loglevel=0',
    'mitigations=off',
    'panic=-1',
    'random.trust_cpu=on',
    'tsc=reliable',
    'no_timer_check',
  ];
  return [
    ...['-machine', 'pc,accel=tcg', '-smp', String(cpus), '-m', String(memoryMiB)],
    // QEMU 7.2 leaves garbage in the flags after cmpxchg16b, and a kernel that uses it crashes at random.
    ...['-cpu', 'Nehalem,cx16=off'],
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none'],
    ...['-serial', 'stdio', '-serial', `file:${output}`],
    ...['-kernel', kernel, '-initrd', initramfs, '-append', commandLine.join(' ')],
  ];
}
