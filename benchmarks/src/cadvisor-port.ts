/**
 * The rival: cAdvisor's oomparser (utils/oomparser) in plain JavaScript, line by line with its four regular expressions
 * and its two states. Reads the file named on the command line and prints how many OOMs it found.
 */
import { createReadStream } from 'node:fs';

const firstLine = /invoked oom-killer:/;
const summaryLine =
  /oom-kill:constraint=(.*),nodemask=(.*),cpuset=(.*),mems_allowed=(.*),oom_memcg=(.*),task_memcg=(.*),task=(.*),pid=(.*),uid=(.*)/;
const legacyLine = /Task in (.*) killed as a result of limit of (.*)/;
const lastLine = /Killed process ([0-9]+) \((.+)\)/;

let collecting = false;
let found = 0;

function parse(line: string): void {
  if (!collecting) {
    collecting = firstLine.test(line);
    return;
  }
  legacyLine.exec(line);
  if (summaryLine.exec(line) === null && lastLine.exec(line) === null) return;
  found++;
  collecting = false;
}

let rest = '';
for await (const chunk of createReadStream(process.argv[2] as string, {
  encoding: 'latin1',
  highWaterMark: 1024 * 1024,
})) {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop() as string;
  for (const line of lines) parse(line);
}
if (rest !== '') parse(rest);
console.log(found);
