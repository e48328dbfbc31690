import type { LineFamily } from './family.js';
import { optional } from './figures.js';

/** `java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984`: a report begins. */
export interface InvokeLine {
  type: 'invoke';
  comm: string;
  gfpMask: string;
  /** -1: sysrq-f asked for it. Absent where the line was cut. */
  order: number | undefined;
  oomScoreAdj: number | undefined;
  /** Printed from 4.9 to 4.20 and by RHEL 8.1. */
  hasNodemask: boolean;
}

/**
 * `CPU: 0 UID: 0 PID: 9172 Comm: …` of the stack dump (`Pid: 9172, comm: …` before 3.10): the process that asked for memory.
 */
export interface StackLine {
  type: 'stack';
  pid: number;
}

/**
 * The name comes first and has at most 15 bytes, so ` invoked oom-killer: ` (21) cannot be inside it. 2.6 prints
 * `oomkilladj=`, RHEL 6 `oom_adj=` as well. What a pager cut off is not known.
 */
const invoked =
  /^([\s\S]{0,15}) invoked oom-killer: gfp_mask=((?:0x)?[0-9a-f]+(?:\([^)]*\))?)(, nodemask=(?:\(null\)|[0-9-]*(?:,[0-9-]+)*))?(?:, {1,2}order=(-?\d+)(?:, (?:oom_adj|oomkilladj)=-?\d+)?(?:, oom_score_adj=(-?\d+))?)?/;
const stack = /^(?:CPU: \d+ (?:UID: \d+ )?PID: (\d{1,10}) Comm: |Pid: (\d{1,10}), comm: )/;

const head = /^[\s\S]{0,15} invoked oom-killer: gfp_mask=/;

export const invokeFamily: LineFamily<InvokeLine> = {
  type: 'invoke',
  parse: parseInvokeLine,
  contains: ' invoked oom-killer: ',
  rank: 'headline',
  // One line a task follows, and the largest nodes run tens of thousands.
  found: [{ bytes: ' invoked oom-killer: ', opens: 20_000 }],
  forgeable: true,
  // 4.11 to 4.14 print the header in three pieces, and a node list between the first and the last.
  pieces: {
    isHead: (text) => head.test(text) && !isWhole(text),
    isWhole,
    continues: (text, next) =>
      text.endsWith(', nodemask=')
        ? /^(?:\(null\)|[0-9,-]+)/.test(next)
        : next.startsWith(',  order='),
    begins: [','],
  },
  sample: 'app invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984',
};

export const stackFamily: LineFamily<StackLine> = {
  type: 'stack',
  parse: parseStackLine,
  begins: ['CPU: ', 'Pid: '],
  rank: 'detail',
  forgeable: false,
  sample: 'CPU: 0 PID: 80 Comm: app Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-1',
};

export function parseInvokeLine(text: string): InvokeLine | undefined {
  const match = invoked.exec(text);
  if (match === null) return undefined;
  return {
    type: 'invoke',
    comm: match[1] as string,
    gfpMask: match[2] as string,
    order: optional(match[4]),
    oomScoreAdj: optional(match[5]),
    hasNodemask: match[3] !== undefined,
  };
}

function parseStackLine(text: string): StackLine | undefined {
  const match = stack.exec(text);
  return match === null ? undefined : { type: 'stack', pid: Number(match[1] ?? match[2]) };
}

function isWhole(text: string): boolean {
  return /, oom_score_adj=-?\d+ *$/.test(text);
}
