// A watch in other runtimes than Node.js: by the addon, with the log's kills, and begun and closed so often that a wake of the
// addon's thread meets a closed reader (Deno delivers one that was queued before). The runtimes come from npm.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packAll } from '../support/tarballs.ts';

const program = `
import { sampleCapture } from '@oomwatcher/oom/testing';
import { readLog, watch } from '@oomwatcher/watcher';
for (let turn = 0; turn < 300; turn++) {
  const watcher = watch({ source: 'native', from: 'boot' });
  if (turn % 3 === 0) for await (const event of watcher.events()) if (event.kind === 'watching') break;
  if (turn % 3 === 1) await watcher.events().next();
  watcher.close();
}
const log = readLog({ source: 'native', from: 'boot' });
let records = 0;
for await (const event of log.events()) {
  if (event.kind === 'record') records++;
  if (event.kind === 'watching') break;
}
const kills = [];
for await (const kill of watch({ capture: sampleCapture('container') })) kills.push(kill.victim.name);
console.log(log.source.kind, records > 0, kills.join());
`;

const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-runtimes-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
const npm = (...args: string[]) =>
  execFileSync('npm', ['install', '--no-audit', '--no-fund', ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });

// Their packages put the program into its place at installation, which newer npm must be allowed.
const allowScripts = { bun: true, deno: true };
writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, allowScripts }));
writeFileSync(join(folder, 'app.mjs'), program);
npm(...packAll().map(({ path }) => path));
npm('bun', 'deno');

const runtimes: [name: string, args: string[]][] = [
  ['bun', ['app.mjs']],
  ['deno', ['run', '--allow-all', 'app.mjs']],
];
for (const [name, args] of runtimes) {
  const { status, signal, stdout, stderr } = spawnSync(
    join(folder, 'node_modules/.bin', name),
    args,
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  const isRight = status === 0 && stdout === 'native true java\n';
  console.log(`${isRight ? 'ok' : 'NOT OK'}  ${name}`);
  if (isRight) continue;
  console.log(signal ?? status, stdout, stderr);
  process.exitCode = 1;
}
