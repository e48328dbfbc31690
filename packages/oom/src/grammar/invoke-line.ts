/** `java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984`: a report begins. */
export interface InvokeLine {
  type: 'invoke';
  comm: string;
  gfpMask: string;
  /** -1: sysrq-f asked for it. */
  order: number;
  oomScoreAdj: number;
}

/** The name comes first and has at most 15 bytes, so ` invoked oom-killer: ` (21) cannot be inside it. */
const pattern =
  /^([\s\S]{0,15}) invoked oom-killer: gfp_mask=((?:0x)?[0-9a-f]+(?:\([^)]*\))?)(?:, nodemask=(?:\(null\)|[0-9,-]*))?, {1,2}order=(-?\d+), oom_score_adj=(-?\d+)$/;

export function parseInvokeLine(text: string): InvokeLine | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, comm, gfpMask, order, oomScoreAdj] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
  ];
  return { type: 'invoke', comm, gfpMask, order: Number(order), oomScoreAdj: Number(oomScoreAdj) };
}
