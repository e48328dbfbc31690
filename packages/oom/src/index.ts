export { type Amendment, amended } from './amendment.js';
export { type Identity, identify, limitScope } from './cgroup-path.js';
export type { ContainerId } from './container-path.js';
export { unescapeText } from './escape.js';
export type { MachineStats, OomEvent } from './events.js';
export { captureHeadlines, keepFilter, snapshotRules } from './keep.js';
export type { KernelLine } from './kernel-line.js';
export type {
  Constraint,
  Kill,
  KillCgroup,
  Missing,
  PodSpec,
  Scope,
  TaskRow,
  Trigger,
  Victim,
} from './kill.js';
export { captureName, idsOf, killId } from './kill-id.js';
export { isKillLine, type KilledProcess, killedProcess } from './kill-line.js';
export { killSchema } from './kill-schema.js';
export type { OomLine, Witness } from './line.js';
export { understands } from './lines/index.js';
export type { MemoryStat } from './lines/memory-stat-lines.js';
export { decodeName } from './lines/names.js';
export { type MachineOptions, OomMachine } from './machine.js';
export type { NodeMemory, ZoneMemory } from './node-memory.js';
export type { Notice, NoticeKind } from './notice.js';
export { maxOtherPods, type OtherPod, type OtherPods } from './other-pods.js';
export type { Outcome } from './outcome.js';
export { hasOwnWords, pushUnderstood } from './own-words.js';
export type { Qos } from './qos.js';
export type { RawReport } from './raw-lines.js';
export { wholeReport } from './raw-report.js';
export { placeKill } from './record.js';
export type { MemoryRunUp, MemorySample, ProcessSample, RunUp } from './run-up.js';
export { isoMicroseconds, timeMsOf } from './time.js';
export type { WitnessedKill, WitnessedProcess } from './witnessed-kill.js';
export { type Workload, workloadKey, workloadOf } from './workload.js';
