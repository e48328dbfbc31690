/**
 * The rival: cAdvisor's four regular expressions (utils/oomparser) in plain JavaScript, line by line. Prints how many
 * OOMs it found in the file.
 *
 *     node cadvisor-port.ts FILE [machine]
 *
 * Plainly, every line is tried with every expression. With `machine` only the first is tried until it matches, as
 * cAdvisor's own state machine does.
 */
import { createReadStream } from 'node:fs';

const firstLine = /invoked oom-killer:/;
const summaryLine =
  /oom-kill:constraint=(.*),nodemask=(.*),cpuset=(.*),mems_allowed=(.*),oom_memcg=(.*),task_memcg=(.*),task=(.*),pid=(.*),uid=(.*)/;
const legacyLine = /Task in (.*) killed as a result of limit of (.*)/;
const lastLine = /Killed process ([0-9]+) \((.+)\)/;

const [file, mode] = process.argv.slice(2);
const parse = mode === 'machine' ? parseAsMachine : parsePlainly;
let collecting = false;
let found = 0;

function parsePlainly(line: string): void {
  if (firstLine.test(line)) collecting = true;
  legacyLine.exec(line);
  const ended = summaryLine.exec(line) !== null || lastLine.exec(line) !== null;
  if (ended && collecting) end();
}

function parseAsMachine(line: string): void {
  if (!collecting) {
    collecting = firstLine.test(line);
    return;
  }
  legacyLine.exec(line);
  if (summaryLine.exec(line) !== null || lastLine.exec(line) !== null) end();
}

function end(): void {
  found++;
  collecting = false;
}

let rest = '';
for await (const chunk of createReadStream(file as string, {
  encoding: 'latin1',
  highWaterMark: 1024 * 1024,
})) {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop() as string;
  for (const line of lines) parse(line);
}
if (rest !== '') parse(rest);
console.log(found);
