/** Page sizes of Linux: x86, sparc64, arm64 and ppc64 configurations. */
export const pageSizesKiB = [4, 8, 16, 64];

/** The limit of a counter without one, in kB (include/linux/page_counter.h, PAGE_COUNTER_MAX). */
const unlimitedKiB: ReadonlyMap<number, number> = new Map([
  ...pageSizesKiB.map((size): [number, number] => [
    Number((2n ** 63n - 1n) / BigInt(size * 1024)) * size,
    size,
  ]),
  // 32 bit: LONG_MAX pages.
  ...[4, 16, 64].map((size): [number, number] => [(2 ** 31 - 1) * size, size]),
]);

/** The page size by which the figure is "no limit"; undefined: it is a limit, or that of a kernel which counted bytes. */
export function pageSizeByLimit(limitKiB: number): number | undefined {
  return unlimitedKiB.get(limitKiB);
}
