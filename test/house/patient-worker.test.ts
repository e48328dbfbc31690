import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PoolOptions, WorkerRequest } from 'vitest/node';
import { temporaryFolder } from '../../packages/kmsg/test/support/temporary.ts';
import { PatientWorker } from '../support/patient-worker.ts';

interface Message {
  type: string;
  got?: string[];
}

/** A worker of that program, as vitest's pool starts one. */
async function startWorker(program: string, startTimeoutMs?: number) {
  const distPath = temporaryFolder();
  mkdirSync(join(distPath, 'workers'));
  writeFileSync(join(distPath, 'package.json'), '{"type": "module"}');
  writeFileSync(join(distPath, 'workers/forks.js'), program);
  const { stdout: outputStream, stderr: errorStream } = process;
  const options = {
    ...{ distPath, execArgv: [], env: process.env },
    project: { vitest: { logger: { outputStream, errorStream } } },
  } as unknown as PoolOptions;
  const worker = new PatientWorker(options, startTimeoutMs);
  const messages: Message[] = [];
  const errors: unknown[] = [];
  await worker.start();
  worker.on('error', (error) => errors.push(error));
  worker.on('message', (message) => messages.push(message as Message));
  const send = (message: object) => worker.send(message as WorkerRequest);
  const request = (type: string) => send({ __vitest_worker_request__: true, type });
  return { messages, errors, send, request, [Symbol.asyncDispose]: () => worker.stop() };
}

const answers = (message: string) =>
  `process.send({ __vitest_worker_response__: true, ${message} })`;

test("a worker that is slow to start does not run into vitest's limit, and is asked for nothing before", async () => {
  // It starts when it is asked to, so that it is slow on any machine.
  await using worker = await startWorker(`
    const got = [];
    process.on('message', ({ type }) => {
      got.push(type);
      if (type === 'answer') ${answers("type: 'started'")}
      if (type === 'run') ${answers("type: 'testfileFinished', got")}
    });
  `);
  worker.request('start');
  expect(worker.messages.map(({ type }) => type)).toEqual(['started']);
  worker.request('run');
  worker.send({ type: 'answer' });
  await expect.poll(() => worker.messages.length).toBe(2);
  expect(worker.messages[1]).toMatchObject({
    type: 'testfileFinished',
    got: ['start', 'answer', 'run'],
  });
  worker.request('run');
  await expect.poll(() => worker.messages.length).toBe(3);
  expect(worker.errors).toEqual([]);
});

test('a worker that cannot start fails its tests, with its reason', async () => {
  await using worker = await startWorker(`
    process.on('message', () => ${answers("type: 'started', error: 'broken'")})
  `);
  worker.request('start');
  await expect.poll(() => worker.errors).toEqual(['broken']);
});

test('a worker that never starts ends the wait', async () => {
  await using worker = await startWorker("process.on('message', () => {})", 50);
  worker.request('start');
  await expect
    .poll(() => worker.errors.map(String))
    .toEqual(['Error: the worker did not start within 50 ms']);
});
