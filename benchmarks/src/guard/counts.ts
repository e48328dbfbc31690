import { hasValgrind } from '../support/cachegrind.ts';
import { heapPerKill, heapPerUnwantedRecord, portableReadsPerRecord } from './heap.ts';
import { type Content, contents, type HotPath } from './hot-path.ts';
import type { Measurement } from './measurement.ts';
import { parserInstructions } from './parser.ts';

/** What does not depend on how busy the machine is. */
export async function counts(hotPath: HotPath): Promise<Measurement[]> {
  const { reads, records } = hotPath.run('unrelated records', 20);
  return [
    ...contents.map((content) => instructions(hotPath, content)),
    await parserInstructions(),
    { name: 'native: reads per record', value: reads / records },
    { name: 'portable: reads per record', value: await portableReadsPerRecord() },
    { name: 'portable: heap bytes per unwanted record', value: await heapPerUnwantedRecord() },
    { name: 'machine: heap bytes per kill without a report', value: await heapPerKill(0) },
    { name: 'machine: heap bytes per kill with a report', value: await heapPerKill(1) },
  ];
}

export function instructions(hotPath: HotPath, content: Content): Measurement {
  const name = instructionsName(content);
  if (!hasValgrind()) return { name, skipped: 'valgrind is missing' };
  return { name, value: hotPath.instructionsPerRecord(content) };
}

export function instructionsName(content: Content): string {
  return `native: instructions per record, ${content}`;
}
