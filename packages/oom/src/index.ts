export { type ContainerId, type Identity, identify } from './identity.js';
export { captureHeadlines, keepFilter, snapshotRules } from './keep.js';
export type { Constraint, Kill, KillCgroup, Qos, Scope, TaskRow, Trigger, Victim } from './kill.js';
export { isKillLine } from './kill-line.js';
export type { OomLine, Witness } from './line.js';
export { type MachineOptions, type MachineStats, type OomEvent, OomMachine } from './machine.js';
export { decodeName } from './names.js';
export type { Outcome } from './outcome.js';
export { placeKill } from './record.js';
