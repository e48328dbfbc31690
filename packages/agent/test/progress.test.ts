import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Progress } from '../src/output/progress.js';

class Terminal {
  written: string[] = [];
  readonly isTTY: boolean;

  constructor(isTTY = true) {
    this.isTTY = isTTY;
  }

  write(text: string): boolean {
    this.written.push(text);
    return true;
  }

  /** What is to be seen on the line that the cursor is in. */
  get line(): string {
    return this.written.join('').split('\r\x1b[K').at(-1) ?? '';
  }

  progress(totalBytes?: number): Progress {
    return new Progress('log', totalBytes, this as unknown as NodeJS.WriteStream);
  }
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

const mib = 1024 * 1024;

test('work of less than a second is not worth a bar', () => {
  const terminal = new Terminal();
  const progress = terminal.progress(10 * mib);
  vi.advanceTimersByTime(999);
  progress.update(5 * mib);
  progress.clear();
  expect(terminal.written).toEqual([]);
});

test('a file or a pipe never gets a bar', () => {
  const terminal = new Terminal(false);
  const progress = terminal.progress(10 * mib);
  vi.advanceTimersByTime(60_000);
  progress.update(5 * mib);
  progress.clear();
  expect(terminal.written).toEqual([]);
});

test('a terminal shows how much is done', () => {
  const terminal = new Terminal();
  const progress = terminal.progress(10 * mib);
  vi.advanceTimersByTime(1000);
  progress.update(5 * mib);
  expect(terminal.line).toBe(`log  ${'█'.repeat(15)}${'░'.repeat(15)}  50 %  5.0 MiB`);
});

test('a file that grows while it is read does not pass 100 %', () => {
  const terminal = new Terminal();
  const progress = terminal.progress(mib);
  vi.advanceTimersByTime(1000);
  progress.update(3 * mib);
  expect(terminal.line).toBe(`log  ${'█'.repeat(30)}  100 %  3.0 MiB`);
});

test.each([undefined, 0])('a total of %s makes no percentage', (totalBytes) => {
  const terminal = new Terminal();
  const progress = terminal.progress(totalBytes);
  vi.advanceTimersByTime(1000);
  progress.update(3 * mib);
  expect(terminal.line).toBe('log  3.0 MiB');
});

test('fast input does not redraw more than ten times a second', () => {
  const terminal = new Terminal();
  const progress = terminal.progress(mib);
  vi.advanceTimersByTime(1000);
  for (let i = 0; i < 1000; i++) {
    progress.update(i);
    vi.advanceTimersByTime(1);
  }
  expect(terminal.written).toHaveLength(10);
});

test('a kill is not printed into the bar, and nothing is erased that is not the bar', () => {
  const terminal = new Terminal();
  const progress = terminal.progress(mib);
  progress.clear();
  expect(terminal.written).toEqual([]);
  vi.advanceTimersByTime(1000);
  progress.update(1);
  progress.clear();
  expect(terminal.line).toBe('');
  const { length } = terminal.written;
  progress.clear();
  expect(terminal.written).toHaveLength(length);
  progress.update(2);
  expect(terminal.line, 'it comes back').not.toBe('');
});
