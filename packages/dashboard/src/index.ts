export { type KillIndex, killIndex } from './api/kill-index.js';
export type { CgroupMemory, MemoryAnswer } from './api/memory.js';
export type { Status } from './api/status.js';
export { csvHeader, csvLine } from './kill-csv.js';
