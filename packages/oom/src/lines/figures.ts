/** Kernels print a uid with %d in places: 4294967294 (nobody in some images) comes as -2. */
export function unsigned32(value: number): number {
  return value < 0 ? value + 2 ** 32 : value;
}

export function optional(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}
