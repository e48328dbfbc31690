type Unit = 'second' | 'minute' | 'hour' | 'day';

/** Numbers and times as a language writes them. */
export class Formats {
  readonly #whole: Intl.NumberFormat;
  readonly #ago: Intl.RelativeTimeFormat;
  readonly #units: Record<Unit, Intl.NumberFormat>;
  readonly day: Intl.DateTimeFormat;
  readonly dayAndYear: Intl.DateTimeFormat;
  readonly minute: Intl.DateTimeFormat;
  readonly second: Intl.DateTimeFormat;

  constructor(locale: string) {
    const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    const unit = (name: Unit) =>
      new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'long' });
    this.#whole = new Intl.NumberFormat(locale);
    this.#ago = new Intl.RelativeTimeFormat(locale);
    this.#units = {
      second: unit('second'),
      minute: unit('minute'),
      hour: unit('hour'),
      day: unit('day'),
    };
    this.day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
    this.dayAndYear = new Intl.DateTimeFormat(locale, {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
    });
    this.minute = new Intl.DateTimeFormat(locale, time);
    this.second = new Intl.DateTimeFormat(locale, { ...time, second: '2-digit' });
  }

  /** `1,204` */
  readonly count = (value: number): string => this.#whole.format(value);

  /** `3 minutes` */
  duration(milliseconds: number): string {
    const { value, unit } = rounded(milliseconds);
    return this.#units[unit].format(value);
  }

  /** `3 minutes ago` */
  ago(milliseconds: number): string {
    const { value, unit } = rounded(milliseconds);
    return this.#ago.format(-value, unit);
  }
}

function rounded(milliseconds: number): { value: number; unit: Unit } {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return { value: seconds, unit: 'second' };
  if (seconds < 3600) return { value: Math.round(seconds / 60), unit: 'minute' };
  if (seconds < 2 * 86_400) return { value: Math.round(seconds / 3600), unit: 'hour' };
  return { value: Math.round(seconds / 86_400), unit: 'day' };
}
