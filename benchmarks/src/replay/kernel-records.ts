import { seeded } from '../support/seeded.ts';

/** What kernels log beside OOM kills; `%` is a number. */
const unrelated = [
  'eth0: renamed from veth%',
  'docker0: port %(veth%) entered blocking state',
  'audit: type=1400 audit(1.%:%): apparmor="ALLOWED" operation="open" pid=% comm="node"',
  'EXT4-fs (sda%): mounted filesystem with ordered data mode. Quota mode: none.',
  'TCP: request_sock_TCP: Possible SYN flooding on port %. Sending cookies.',
  'oom: nothing of interest, killed nothing: %',
  'usb 1-%: new high-speed USB device number % using xhci_hcd',
  'cgroup: fork rejected by pids controller in /kubepods.slice/kubepods-pod%.slice',
];

/** A run of records, as read(2) gives them, with the numbers and times that follow each other. */
export class Records {
  #seq: number;
  #timestampUs: number;
  readonly #random: () => number;

  constructor(seed: number, firstSeq = 1_000_000) {
    this.#random = seeded(seed);
    this.#seq = firstSeq;
    this.#timestampUs = 1_000_000_000;
  }

  below(limit: number): number {
    return this.#random() % limit;
  }

  record(priority: number, text: string): string {
    this.#timestampUs += 1 + this.below(20);
    return `${priority},${this.#seq++},${this.#timestampUs},-;${text}\n`;
  }

  unrelated(): string {
    const text = unrelated[this.below(unrelated.length)] as string;
    return this.record(
      6,
      text.replace(/%/g, () => String(this.below(100_000))),
    );
  }
}

/** A capture of records that no reader wants. */
export function unrelatedCapture(records: number, seed = 1): string {
  const run = new Records(seed);
  let capture = '';
  for (let i = 0; i < records; i++) capture += run.unrelated();
  return capture;
}
