/** A size at a moment. */
export interface Point {
  atUs: number;
  kib: number;
}

/** A growth, from one point to another: both are indices. */
export interface Rise {
  from: number;
  to: number;
  kib: number;
  us: number;
}

/** What falls back by more than this share of a growth has ended it. */
const maxFall = 0.1;
/** The ends of a growth are where the first and the last of so much of it was: before and after it there is a plateau. */
const endShare = 0.05;

/**
 * The growth that a series ends with; a plateau may follow it. One pass back from the end: it goes back to the lowest point
 * from which nothing fell much.
 *
 * @param noiseKiB a fall of so much is none
 */
export function lastRise(points: readonly Point[], noiseKiB: number): Rise | undefined {
  const end = points.at(-1);
  if (end === undefined) return undefined;
  const start = startOf(points, end.kib, noiseKiB);
  const gain = end.kib - kibAt(points, start);
  if (gain <= noiseKiB) return undefined;
  const low = kibAt(points, start) + gain * endShare;
  const high = end.kib - gain * endShare;
  const first = points.findLastIndex(({ kib }, i) => i >= start && kib <= low);
  const last = points.findIndex(({ kib }, i) => i > first && kib >= high);
  // As steep as in between it went on to the plateaus: a sample of noise must not cut off minutes of a slow growth.
  const rate = slope(points, first, last);
  const beganUs = usAt(points, first) - (kibAt(points, first) - kibAt(points, start)) / rate;
  const endedUs = usAt(points, last) + (end.kib - kibAt(points, last)) / rate;
  const from = points.findLastIndex(({ atUs }, i) => i === start || atUs <= beganUs);
  const to = points.findIndex(({ atUs }, i) => i === points.length - 1 || atUs >= endedUs);
  return {
    from,
    to,
    kib: kibAt(points, to) - kibAt(points, from),
    us: usAt(points, to) - usAt(points, from),
  };
}

function startOf(points: readonly Point[], endKiB: number, noiseKiB: number): number {
  let start = points.length - 1;
  let lowestLater = endKiB;
  let fall = 0;
  for (let i = points.length - 2; i >= 0; i--) {
    const kib = kibAt(points, i);
    fall = Math.max(fall, kib - lowestLater);
    lowestLater = Math.min(lowestLater, kib);
    const allowed = Math.max(noiseKiB, (endKiB - kib) * maxFall);
    if (fall <= allowed && kib < kibAt(points, start)) start = i;
  }
  return start;
}

/** KiB a microsecond. */
function slope(points: readonly Point[], from: number, to: number): number {
  return (kibAt(points, to) - kibAt(points, from)) / (usAt(points, to) - usAt(points, from));
}

function kibAt(points: readonly Point[], i: number): number {
  return points[i]?.kib ?? Number.NaN;
}

function usAt(points: readonly Point[], i: number): number {
  return points[i]?.atUs ?? Number.NaN;
}

/** How often a series fell by more than `fallKiB` and rose again by as much. */
export function fallsIn(points: readonly Point[], fallKiB: number): number {
  let falls = 0;
  let high = Number.NEGATIVE_INFINITY;
  let low = Number.POSITIVE_INFINITY;
  let isFalling = false;
  for (const { kib } of points) {
    high = Math.max(high, kib);
    low = Math.min(low, kib);
    if (!isFalling && high - kib > fallKiB) {
      isFalling = true;
      low = kib;
    } else if (isFalling && kib - low > fallKiB) {
      isFalling = false;
      falls++;
      high = kib;
    }
  }
  return falls;
}
