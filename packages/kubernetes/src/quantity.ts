/** By which each suffix multiplies (k8s.io/apimachinery, pkg/api/resource/quantity.go). */
const multipliers: ReadonlyMap<string, number> = new Map([
  ['n', 1e-9],
  ['u', 1e-6],
  ['m', 1e-3],
  ['', 1],
  ...['k', 'M', 'G', 'T', 'P', 'E'].map((suffix, at) => [suffix, 1000 ** (at + 1)] as const),
  ...['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((suffix, at) => [suffix, 1024 ** (at + 1)] as const),
]);

/** A quantity of memory as a spec has it (`32Mi`, `129e6`, `128974848000m`), in KiB; undefined: it is none, or 0. */
export function quantityKiB(text: string): number | undefined {
  const [, digits = '', exponent, suffix = ''] =
    /^\+?(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d{1,2})|([A-Za-z]{1,2}))?$/.exec(text) ?? [];
  const multiplier = exponent === undefined ? multipliers.get(suffix) : 10 ** Number(exponent);
  if (digits === '' || multiplier === undefined) return undefined;
  const kib = Math.floor((Number(digits) * multiplier) / 1024);
  return kib > 0 && Number.isSafeInteger(kib) ? kib : undefined;
}
