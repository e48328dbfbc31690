'use strict';

// By name, so that `import { KmsgReader }` finds it: Node looks for the names that a CommonJS module exports in its text.
exports.KmsgReader = require('node-gyp-build')(__dirname).KmsgReader;
