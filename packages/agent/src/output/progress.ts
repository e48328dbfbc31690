import { formatKiB } from '@oomwatcher/explain';

const afterMs = 1000;
const everyMs = 100;
const barWidth = 30;

/** A progress bar on a terminal, for work that takes more than a second; elsewhere nothing. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #label: string;
  readonly #totalBytes: number | undefined;
  readonly #startMs = performance.now();
  #drawnMs = 0;

  constructor(label: string, totalBytes: number | undefined, stream: NodeJS.WriteStream) {
    this.#label = label;
    this.#totalBytes = totalBytes;
    this.#stream = stream;
  }

  update(bytes: number): void {
    const nowMs = performance.now();
    if (!this.#stream.isTTY || nowMs - this.#startMs < afterMs || nowMs - this.#drawnMs < everyMs)
      return;
    this.#drawnMs = nowMs;
    this.#stream.write(`\r\u001b[K${this.#text(bytes)}`);
  }

  /** Takes the bar away: before other output, and at the end. */
  clear(): void {
    if (this.#drawnMs === 0) return;
    this.#drawnMs = 0;
    this.#stream.write('\r\u001b[K');
  }

  #text(bytes: number): string {
    const read = formatKiB(Math.round(bytes / 1024));
    if (this.#totalBytes === undefined || this.#totalBytes === 0) return `${this.#label}  ${read}`;
    const done = Math.min(1, bytes / this.#totalBytes);
    const bar = '█'.repeat(Math.round(done * barWidth)).padEnd(barWidth, '░');
    return `${this.#label}  ${bar}  ${Math.floor(done * 100)} %  ${read}`;
  }
}
