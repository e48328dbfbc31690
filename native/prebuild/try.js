'use strict';

const { KmsgReader } = require('..');

const columns = {
  kind: Uint8Array,
  priority: Uint16Array,
  flag: Uint8Array,
  fresh: Uint8Array,
  seq: BigUint64Array,
  timestampUs: Float64Array,
  readMonotonicUs: Float64Array,
  readRealtimeUs: Float64Array,
  lost: Float64Array,
  recordOffset: Uint32Array,
  recordLength: Uint32Array,
  textOffset: Uint32Array,
  textLength: Uint32Array,
  snapshotOffset: Uint32Array,
  snapshotLength: Uint32Array,
};
const batch = { arena: new Uint8Array(256 * 1024) };
for (const [name, Column] of Object.entries(columns)) batch[name] = new Column(1024);

const timeout = setTimeout(() => {
  throw new Error('nothing was read in 10 s');
}, 10_000);
const reader = new KmsgReader({ keep: { rules: [], fragments: true }, snapshots: [] }, () => {
  const rows = reader.read(batch);
  if (rows === 0) return;
  console.log(`read ${rows} rows of the kernel's log on ${process.platform}-${process.arch}`);
  reader.close();
  clearTimeout(timeout);
});
