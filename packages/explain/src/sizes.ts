const units = ['KiB', 'MiB', 'GiB', 'TiB'];

/** `16384` -> `16.0 MiB`. */
export function formatKiB(kib: number): string {
  let value = kib;
  let unit = 0;
  // 1023.95 of a unit would be shown as 1024.0 of it.
  while (value >= (unit === 0 ? 1024 : 1023.95) && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** A limit as people write it: `32768` -> `32 MiB`. */
export function formatLimit(kib: number): string {
  return formatKiB(kib).replace('.0 ', ' ');
}

/** `3.0 MiB/s`; what is slower than a KiB a second is told by the minute. */
export function formatRate(kib: number, us: number): string {
  const perSecond = (kib / us) * 1e6;
  const isSlow = perSecond < 1;
  return `${formatKiB(Math.round(isSlow ? perSecond * 60 : perSecond))}/${isSlow ? 'min' : 's'}`;
}
