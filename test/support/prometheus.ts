import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PromSample {
  labels: Record<string, string>;
  value: number;
}

/** A real Prometheus over a configuration (YAML), with its data in the folder. */
export async function startPrometheus(folder: string, configuration: string) {
  const file = join(folder, 'prometheus.yaml');
  writeFileSync(file, configuration);
  const child = spawn(
    'prometheus',
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const stop = async () => {
    if (child.exitCode !== null) return;
    child.kill();
    await once(child, 'close');
  };
  const url = await listening(child.stderr).catch(async (error) => {
    await stop();
    throw error;
  });
  /** @throws where the query is none */
  const query = async (promql: string): Promise<PromSample[]> => {
    const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(promql)}`);
    if (!answer.ok) throw new Error(`${await answer.text()}: ${promql}`);
    const { data } = (await answer.json()) as {
      data: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  };
  /** The values of all series and steps. */
  const range = async (promql: string, startS: number, endS: number, stepS: number) => {
    const asked = new URLSearchParams({
      query: promql,
      start: String(startS),
      end: String(endS),
      step: String(stepS),
    });
    const answer = await fetch(`${url}/api/v1/query_range?${asked}`);
    if (!answer.ok) throw new Error(`${await answer.text()}: ${promql}`);
    const { data } = (await answer.json()) as {
      data: { result: { values: [number, string][] }[] };
    };
    return data.result.flatMap(({ values }) => values.map(([, value]) => Number(value)));
  };
  const values = async (promql: string) => (await query(promql)).map(({ value }) => value);
  return { query, range, values, [Symbol.asyncDispose]: stop };
}

/** Where it says that it listens. Its log is read on: a program that nobody reads is ended by its next line. */
function listening(stderr: NodeJS.ReadableStream): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = '';
  stderr.on('data', (chunk) => {
    text += chunk;
    const address = /Listening on.*address=(127\.0\.0\.1:\d+)/.exec(text)?.[1];
    if (address !== undefined) resolve(`http://${address}`);
  });
  stderr.once('end', () => reject(new Error(`Prometheus ended:\n${text}`)));
  return promise;
}
