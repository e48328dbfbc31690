import { openOomWitness } from '@oomwatcher/kmsg';
import { type Finding, ok, warning } from './finding.js';

const check = 'kernel witness';

const without =
  'kills are read from the log alone, and in a storm some stay without their cgroup and limit';

/** What is tried: loading the program, for a moment. */
export interface Attempt {
  control: 'trying' | 'attached' | 'refused';
}

/** Whether the kernel takes a program that tells of each kill; why not is what the addon says. */
export async function kernelWitness(attempt: () => Promise<Attempt> = load): Promise<Finding> {
  let control: Attempt['control'];
  try {
    ({ control } = await attempt());
  } catch (error) {
    const { message } = error as Error;
    const end = message.lastIndexOf('; ');
    const [problem, remedy] =
      end < 0
        ? [message, 'build or install the native addon']
        : [message.slice(0, end), message.slice(end + 2)];
    return warning(check, `${problem}: ${without}`, remedy);
  }
  const limit =
    control === 'refused'
      ? 'whose limit was hit is deduced where it is certain'
      : "whose limit was hit is the kernel's own word";
  return ok(check, `can be loaded: a program sees each kill at the kill itself, ${limit}`);
}

/** Whether oom_kill_process may be traced is known some milliseconds later. */
const patienceMs = 1000;

async function load(): Promise<Attempt> {
  const witness = openOomWitness({}, () => {});
  try {
    const endMs = performance.now() + patienceMs;
    while (witness.stats().control === 'trying' && performance.now() < endMs) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return witness.stats();
  } finally {
    witness.close();
  }
}
