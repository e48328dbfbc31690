'use strict';

// By name, so that `import { KmsgReader }` finds it: Node looks for the names that a CommonJS module exports in its text.
const addon = require('node-gyp-build')(__dirname);

exports.KmsgReader = addon.KmsgReader;
exports.OomWitness = addon.OomWitness;
exports.TextSearch = addon.TextSearch;
exports.endWhenOutOfMemory = addon.endWhenOutOfMemory;
