export { LogFile } from './log-file.js';
