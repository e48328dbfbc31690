import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { nodePressure } from '../src/runtime/memory-pressure.js';

test('memory pressure is read where the kernel tells it, and absent where not', () => {
  const file = join(temporaryFolder(), 'memory.pressure');
  expect(nodePressure(file)).toEqual({});
  writeFileSync(file, 'some avg10=12.30 avg60=1.00 avg300=0.10 total=5\nfull avg10=3.00\n');
  expect(nodePressure(file)).toEqual({ pressurePercent: 12.3 });
  writeFileSync(file, '');
  expect(nodePressure(file)).toEqual({});
});
