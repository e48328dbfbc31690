export { type KillIndex, killIndex, timeMsOf } from './api/kill-index.js';
export type { Status } from './api/status.js';
