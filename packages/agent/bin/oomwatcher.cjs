#!/usr/bin/env node
'use strict';

// In the syntax of Node 14, so that an old one can be told what it is.
const fs = require('node:fs');
const path = require('node:path');

// In a checkout the agent runs from its build, on the Node that the checkout pins, whatever Node the machine has;
// installed, from its bundle on the machine's own.
const agent = path.join(fs.realpathSync(__dirname), '..');
const checkout = path.join(agent, '../..');
const isCheckout =
  path.relative(checkout, agent) === path.join('packages', 'agent') &&
  fs.existsSync(path.join(agent, 'dist/cli/main.js'));
const pinned = path.join(checkout, 'node_modules/node/bin/node');

if (isCheckout && fs.existsSync(pinned) && !isSameFile(pinned, process.execPath)) {
  become(pinned);
} else if (isOld(process.versions.node)) {
  console.error(`oomwatcher needs Node 22.19 or newer; this is ${process.versions.node}`);
  process.exitCode = 1;
} else {
  import(isCheckout ? '../dist/cli/main.js' : '../bundle/main.js');
}

function isOld(version) {
  const [major, minor] = version.split('.').map(Number);
  return major < 22 || (major === 22 && minor < 19);
}

function isSameFile(a, b) {
  return fs.realpathSync(a) === fs.realpathSync(b);
}

/** Keeps the process id where this Node can (22.15 or newer), so that signals and supervisors reach the agent itself. */
function become(node) {
  const args = [__filename, ...process.argv.slice(2)];
  if (process.execve) process.execve(node, [node, ...args], process.env);
  const { spawn } = require('node:child_process');
  const { constants } = require('node:os');
  const child = spawn(node, args, { stdio: 'inherit' });
  // A terminal sends it to both.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
