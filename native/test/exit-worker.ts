// Runs workers that end in the stage that the first argument names, in the way that the second does, and prints their
// exit codes.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { stages, useOnce } from './stages.ts';

const atOnce = 4;

async function run(stage: string, way: string): Promise<number> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { stage, way } });
  worker.once('message', () => worker.terminate());
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', resolve);
  });
}

if (isMainThread) {
  const [stage, way, tries] = process.argv.slice(2) as [string, string, string];
  const codes: number[] = [];
  while (codes.length < Number(tries)) {
    codes.push(...(await Promise.all(Array.from({ length: atOnce }, () => run(stage, way)))));
  }
  console.log(JSON.stringify(codes));
} else {
  const { stage, way } = workerData as { stage: string; way: string };
  stages[stage]!(() => {
    if (way === 'exit') process.exit(7);
    parentPort!.postMessage('ready');
    // The termination comes into the middle of the stage, and often of a call into the addon.
    for (;;) useOnce();
  });
}
