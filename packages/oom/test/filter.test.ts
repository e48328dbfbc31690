import { type OomLine, OomMachine, snapshotRules } from '@oomwatcher/oom';
import { expect, it } from 'vitest';
import type { SnapshotRule } from '../src/lines/keep-filter.js';
import { captureNames, readCapture } from './support/capture.ts';
import { isKept } from './support/filter.ts';
import { killsOf } from './support/run.ts';

function read(lines: readonly OomLine[]) {
  const machine = new OomMachine();
  for (const line of lines) machine.push(line);
  machine.flush();
  return machine.take();
}

it.each(captureNames())('%s: nothing that the filter leaves out is missed', (name) => {
  const lines = readCapture(name);
  expect(read(lines.filter(isKept))).toEqual(read(lines));
});

it('most of a node’s log is left out', () => {
  const lines = captureNames()
    .filter((name) => name.endsWith('--boot'))
    .flatMap(readCapture);
  expect(lines.filter(isKept).length / lines.length).toBeLessThan(0.05);
});

it('every kill line asks for a look at the process it names', () => {
  const lines = captureNames().flatMap(readCapture);
  const [{ marker, folder }] = snapshotRules({ files: [] }) as [SnapshotRule];
  const marked = lines.filter(({ text }) => text.includes(marker));
  expect(
    marked.map(({ text }) => Number.parseInt(text.slice(text.indexOf(marker) + marker.length), 10)),
  ).not.toContain(Number.NaN);
  expect(marked.length).toBeGreaterThanOrEqual(killsOf(read(lines)).length);
  expect(folder).toBe('/proc/%');
});
