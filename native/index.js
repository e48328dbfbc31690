'use strict';

const { readFileSync } = require('node:fs');

/** What was built in this folder comes before the prebuilt addon: no installer builds it, whoever did wanted it. */
const isPrebuiltOnly = Boolean(process.env.PREBUILDS_ONLY);
const built = isPrebuiltOnly ? undefined : (builtInCheckout() ?? builtWhereInstalled());
const addon = built ?? prebuilt();

// By name, so that `import { KmsgReader }` finds it: Node looks for the names that a CommonJS module exports in its text.
exports.KmsgReader = addon.KmsgReader;
exports.MemoryRecorder = addon.MemoryRecorder;
exports.OomWitness = addon.OomWitness;
exports.TextSearch = addon.TextSearch;
exports.endWhenOutOfMemory = addon.endWhenOutOfMemory;
exports.trimMemory = addon.trimMemory;
exports.isPrebuilt = built === undefined;

// Each path is written out: what copies or packs the files of a program looks for `require` of a string.

function builtInCheckout() {
  try {
    return require('./build/Release/kmsg.node');
  } catch (error) {
    return undefinedIfMissing(error);
  }
}

function builtWhereInstalled() {
  try {
    return require('./src/build/Release/kmsg.node');
  } catch (error) {
    return undefinedIfMissing(error);
  }
}

function undefinedIfMissing(error) {
  if (error.code === 'MODULE_NOT_FOUND') return undefined;
  throw error;
}

function prebuilt() {
  const libc = libcOfProcess();
  const machine = `${process.platform}-${process.arch}`;
  try {
    switch (`${machine} ${libc}`) {
      case 'linux-x64 glibc':
        return require('./prebuilds/linux-x64/kmsg.glibc.node');
      case 'linux-x64 musl':
        return require('./prebuilds/linux-x64/kmsg.musl.node');
      case 'linux-arm64 glibc':
        return require('./prebuilds/linux-arm64/kmsg.glibc.node');
      case 'linux-arm64 musl':
        return require('./prebuilds/linux-arm64/kmsg.musl.node');
    }
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
  }
  const place = process.platform === 'linux' ? `${machine} with ${libc}` : machine;
  throw Object.assign(new Error(`the addon is not built for ${place}`), { code: 'ERR_NOT_BUILT' });
}

/**
 * By the dynamic linker that this process has loaded: a distribution's marks are not Node's, and may be of both. Not by
 * process.report: it waits for every worker thread of the program to answer, 2.9 s beside one that waited for a child.
 */
function libcOfProcess() {
  try {
    return /\/ld-musl-/.test(readFileSync('/proc/self/maps', 'latin1')) ? 'musl' : 'glibc';
  } catch {
    return 'glibc';
  }
}
