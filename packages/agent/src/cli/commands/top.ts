import { setTimeout as sleep } from 'node:timers/promises';
import type { MemoryAnswer } from '@oomwatcher/dashboard';
import { clockTime, jsonLine, printable } from '@oomwatcher/explain';
import { memoryTable, type Order, sorted } from '../../output/memory-table.js';
import { standardOutput } from '../../output/standard-output.js';
import { styleFor } from '../../output/style.js';
import { outputWidth, terminalSize } from '../../output/terminal-size.js';
import { endSignals } from '../../runtime/end-signals.js';
import { openTopSource, type TopSource, type TopSourceOptions } from './top-source.js';

export interface TopOptions extends TopSourceOptions {
  json: boolean;
  once: boolean;
}

const everyMs = 1000;
const maxCgroups = 1000;
/** What a recorder that has just begun needs for its first growth. */
const firstMs = 6000;

const keys: Record<string, Order> = { t: 'left', u: 'used', g: 'growth', k: 'kills' };
const enter = '\x1b[?1049h\x1b[?25l';
const leave = '\x1b[?25h\x1b[?1049l';

/** `oomwatcher top`: which cgroups are fullest, how they grow, and when their limit is reached. */
export async function topCommand({ json, once, ...options }: TopOptions): Promise<void> {
  const source = await openTopSource(options);
  try {
    // A pipe wants one table, and no control characters.
    if (json) await printJson(source, once);
    else if (once || !process.stdout.isTTY) await printOnce(source);
    else await showLive(source);
  } finally {
    source.close();
  }
}

async function printJson(source: TopSource, once: boolean): Promise<void> {
  const ended = untilSignal();
  if (once) await begun(source, ended);
  while (!ended.aborted && !standardOutput.closed) {
    standardOutput.writeLine(jsonLine(await source.answer(maxCgroups)));
    if (once) return;
    await standardOutput.drained();
    await pause(everyMs, ended);
  }
}

async function printOnce(source: TopSource): Promise<void> {
  await begun(source, untilSignal());
  const { cgroups } = await source.answer(maxCgroups);
  const lines = memoryTable(sorted(cgroups, 'left'), outputWidth(), styleFor(process.stdout));
  for (const line of cgroups.length === 0 ? [nothing] : lines) standardOutput.writeLine(line);
}

const nothing = 'no cgroup has a memory limit';

/** A recorder that has just begun knows no growth yet. */
async function begun(source: TopSource, ended: AbortSignal): Promise<void> {
  const untilMs = performance.now() + firstMs;
  while (performance.now() < untilMs && !ended.aborted) {
    const { cgroups } = await source.answer(1);
    if (cgroups.some(({ growthKiBPerS }) => growthKiBPerS !== undefined)) return;
    await pause(200, ended);
  }
}

async function showLive(source: TopSource): Promise<void> {
  const ended = untilSignal();
  const view = { order: 'left' as Order, isPaused: false, quit: false };
  let answer: MemoryAnswer | undefined;
  let trouble = '';
  const draw = () => answer && process.stdout.write(screen(answer, view, source, trouble));
  const restore = listen((key) => {
    if (key === 'q' || key === '\x03' || key === '\x1b') view.quit = true;
    if (key === ' ') view.isPaused = !view.isPaused;
    view.order = keys[key] ?? view.order;
    draw();
  });
  process.stdout.on('resize', draw);
  process.stdout.write(enter);
  try {
    while (!view.quit && !ended.aborted && !standardOutput.closed) {
      if (!view.isPaused) {
        try {
          answer = await source.answer(maxCgroups);
          trouble = '';
        } catch (error) {
          // An agent that is restarted answers again.
          trouble = (error as Error).message;
          if (answer === undefined) throw error;
        }
      }
      draw();
      for (let waited = 0; waited < everyMs && !view.quit && !ended.aborted; waited += 50) {
        await pause(50, ended);
      }
    }
  } finally {
    process.stdout.off('resize', draw);
    restore();
    process.stdout.write(leave);
  }
}

/** The whole screen: drawn over the last one, so that nothing flickers. */
function screen(
  { cgroups, pressurePercent: pressure }: MemoryAnswer,
  { order, isPaused }: { order: Order; isPaused: boolean },
  source: TopSource,
  trouble: string,
): string {
  const { columns, rows } = terminalSize();
  const style = styleFor(process.stdout);
  const time = clockTime({ time: new Date().toISOString() }).slice(0, 8);
  const count = `${cgroups.length} cgroup${cgroups.length === 1 ? '' : 's'} with a limit`;
  const waited = pressure === undefined ? '' : `, memory pressure ${pressure} %`;
  const head = `${time}  ${isPaused ? 'paused  ' : ''}by ${order}, ${count}${waited}, ${source.name}`;
  const help = 't time to limit  u used  g growth  k kills  space pause  q quit';
  const shown = sorted(cgroups, order).slice(0, Math.max(1, rows - 3));
  const lines = [
    style('bold', head.slice(0, columns)),
    ...(cgroups.length === 0 ? [nothing] : memoryTable(shown, columns, style)),
  ];
  const foot =
    trouble === '' ? style('dim', help.slice(0, columns)) : printable(trouble).slice(0, columns);
  return `\x1b[H${lines.map((line) => `${line}\x1b[K\n`).join('')}\x1b[J\x1b[${rows};1H${foot}\x1b[K`;
}

/** Keys as they are pressed; gives what puts the terminal back. */
function listen(onKey: (key: string) => void): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => {};
  const take = (bytes: Buffer) => onKey(bytes.toString('latin1'));
  stdin.setRawMode(true);
  stdin.on('data', take);
  return () => {
    stdin.off('data', take);
    stdin.setRawMode(false);
    stdin.pause();
  };
}

function untilSignal(): AbortSignal {
  const ending = new AbortController();
  for (const signal of endSignals) process.once(signal, () => ending.abort());
  return ending.signal;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
