import { open, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '@oomwatcher/logs';
import { packageFolder } from '../package-folder.js';

/** A capture that is shown instead of this node's own log, and where it comes from. */
export interface Recording {
  path: string;
  name: string;
  /** For people, without a final dot: "recorded on 23 November 2026, kernel 6.12, virtual machine". */
  origin: string;
}

/** The one that comes with the agent; see recordings/README.md. */
export const ownRecording = fileURLToPath(new URL('recordings/storm.kmsg', packageFolder));

/** The first report, where the kernel names its release and its machine, is in the first of a capture. */
const maxHeadBytes = 1024 * 1024;

/** Where firmware says that there is no machine below, in the words of `dmidecode`. */
const virtualMachines =
  /QEMU|KVM|VMware|VirtualBox|Virtual Machine|Xen|HVM domU|Google Compute|Amazon EC2|OpenStack|Bochs|Firecracker|Parallels/i;

/** @throws InputError when it is not there, or is no file */
export async function readRecording(path: string): Promise<Recording> {
  const head = await headOf(path);
  const origin = [await dayOf(path), kernelOf(head), machineOf(head)].filter(
    (part) => part !== undefined,
  );
  return { path, name: basename(path), origin: origin.join(', ') };
}

async function headOf(path: string): Promise<string> {
  const failed = (problem: string) =>
    new InputError(`${path} ${problem}: name the file of a raw kmsg capture`);
  try {
    await using file = await open(path);
    if (!(await file.stat()).isFile()) throw failed('is no file');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxHeadBytes));
    return buffer.toString('latin1', 0, bytesRead);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw failed(`cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** The log has no calendar: a file beside it, `storm.json` of `storm.kmsg`, may name the day. */
async function dayOf(path: string): Promise<string> {
  const unknown = 'recorded on a day that it does not name';
  try {
    const about: unknown = JSON.parse(await readFile(path.replace(/\.kmsg$/, '.json'), 'utf8'));
    const { recordedOn } = about as { recordedOn?: unknown };
    const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(String(recordedOn)) ?? [];
    const name = months[Number(month) - 1];
    return name === undefined ? unknown : `recorded on ${Number(day)} ${name} ${year}`;
  } catch {
    return unknown;
  }
}

const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];

/** From the line that each report and each warning has (dump_stack_print_info, lib/dump_stack.c). */
function kernelOf(head: string): string {
  const [, release] =
    /;CPU: \d+ .*Comm: .* (?:Not tainted|Tainted: .*?) (\d+\.\d+\S*) /.exec(head) ?? [];
  return release === undefined ? 'a kernel that it does not name' : `kernel ${release}`;
}

function machineOf(head: string): string | undefined {
  const [, name] = /;Hardware name: (.*)/.exec(head) ?? [];
  if (name === undefined) return undefined;
  return virtualMachines.test(name) ? 'virtual machine' : 'no virtual machine that it names';
}
