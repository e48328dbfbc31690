import { parseArgs } from 'node:util';
import { runMutations } from './support/mutation.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
  },
});

const { count, lines, kills, seconds, slowestMs, heapMiB } = runMutations(
  Number(values.count),
  Number(values.seed),
);
console.log(
  `${count} mutated captures, ${lines} lines, ${kills} kills, none invented, in ${seconds.toFixed(1)} s`,
);
console.log(`${Math.round(lines / seconds)} lines/s; slowest capture ${slowestMs.toFixed(1)} ms`);
console.log(`heap after collection, MiB: ${heapMiB.map((size) => size.toFixed(1)).join(' ')}`);
