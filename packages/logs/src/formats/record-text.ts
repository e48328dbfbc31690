import { unescapeText } from '@oomwatcher/oom';
import { latin1, lineEnd, maxRecordBytes, trimCr } from './bytes.js';
import { decodeDmesgEscapes, decodeSyslogEscapes } from './escapes.js';
import type { Head } from './head.js';

/** The text of a record whose first line ends at `end`, its later lines without their indentation. */
export function recordText(bytes: Uint8Array, head: Head, end: number, recordEnd: number): string {
  const bound = Math.min(recordEnd, head.text + maxRecordBytes);
  let text = latin1(bytes, head.text, end);
  if (head.indent > 0) {
    for (let at = lineEnd(bytes, end, bound) + 1; at < bound; ) {
      const stop = lineEnd(bytes, at, bound);
      text += `\n${latin1(bytes, at + head.indent, trimCr(bytes, at, stop))}`;
      at = stop + 1;
    }
  }
  if (head.escapes === 'kernel') return unescapeText(text);
  if (head.escapes === 'dmesg') return decodeDmesgEscapes(text);
  return head.escapes === 'syslog' ? decodeSyslogEscapes(text) : text;
}
