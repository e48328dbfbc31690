// Preloaded (NODE_OPTIONS): what Node says on another system than Linux. Its files are not there, nor is its addon.
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

Object.defineProperty(process, 'platform', { value: 'darwin' });

const isLinuxOnly = (path) => /^\/(proc|sys|dev\/kmsg)(\/|$)/.test(String(path));

function missing(path, syscall) {
  return Object.assign(new Error(`ENOENT: no such file or directory, ${syscall} '${path}'`), {
    ...{ code: 'ENOENT', errno: -2, syscall, path: String(path) },
  });
}

for (const name of [
  'readFileSync',
  'openSync',
  'readlinkSync',
  'accessSync',
  'statSync',
  'readdirSync',
]) {
  const real = fs[name];
  fs[name] = (path, ...rest) => {
    if (isLinuxOnly(path)) throw missing(path, name.replace('Sync', ''));
    return real(path, ...rest);
  };
}
for (const name of ['open', 'stat', 'readFile']) {
  const real = fs.promises[name];
  fs.promises[name] = (path, ...rest) =>
    isLinuxOnly(path) ? Promise.reject(missing(path, name)) : real(path, ...rest);
}
syncBuiltinESMExports();
