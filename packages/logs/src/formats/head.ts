import type { LogFormat } from './log-line.js';

/** How a line's text stands for bytes. */
export type Escapes = 'kernel' | 'dmesg' | 'syslog' | 'none';

/**
 * What stands before a line's text, as numbers and offsets only: most lines are looked at and not wanted. One object is
 * filled again for every line.
 */
export class Head {
  format: LogFormat = 'dmesg-t';
  escapes: Escapes = 'none';
  /** Where the text begins. */
  text = 0;
  /** Where the text's own later lines are indented to, 0: a text has one line. */
  indent = 0;
  /** -1: absent; so for every number. */
  timestampUs = -1;
  priority = -1;
  seq = -1;
  flag = -1;
  callerStart = 0;
  callerEnd = 0;
  sourceStart = 0;
  sourceEnd = 0;
  /** The machine's name; `hostEnd` 0: the line has none. */
  hostStart = 0;
  hostEnd = 0;
  /** netconsole's piece of a record: its first byte in the record, and the record's length. */
  pieceAt = -1;
  pieceOf = -1;
  readonly date = new DateFields();

  reset(): void {
    this.escapes = 'none';
    this.indent = 0;
    this.timestampUs = -1;
    this.priority = -1;
    this.seq = -1;
    this.flag = -1;
    this.callerEnd = 0;
    this.sourceEnd = 0;
    this.hostEnd = 0;
    this.pieceAt = -1;
    this.date.month = -1;
  }

  get ofKernel(): boolean {
    return this.sourceEnd === 0 && this.priority < 8;
  }
}

/** A date as a line has it. */
export class DateFields {
  /** -1: not given. */
  year = -1;
  /** The month is of a language that is not known. */
  static readonly unknownMonth = -2;
  /** 0 to 11; -1: no date. */
  month = -1;
  day = 0;
  hour = 0;
  minute = 0;
  second = 0;
  microsecond = 0;
  /** Minutes east of Greenwich; NaN: not given. */
  offsetMinutes = Number.NaN;
}
