import { unescapeText } from '@oomwatcher/oom';

/**
 * Undoing what dmesg and rsyslog do to bytes that they hold unprintable; the kernel's own escapes are in ../escape.ts.
 * Strings are latin1, one character a byte.
 */

const dmesgEscape = /\\x(0[0-8ef]|1[0-9a-f]|7f|[89a-f][0-9a-f])/g;
const rsyslogEscape = /#(0[0-3][0-7]|177)/g;

const byteOfHex = (_: string, hex: string) => String.fromCharCode(Number.parseInt(hex, 16));
const byteOfOctal = (_: string, octal: string) => String.fromCharCode(Number.parseInt(octal, 8));

/**
 * dmesg prints what is unprintable in its locale as `\xNN`, and does not escape the backslash. What it never escapes
 * (printable ASCII, white space) is left: `\x2d` in a unit's name is its name. A name that held the four characters
 * `\xe2` itself cannot be distinguished from an escaped byte and is decoded.
 */
export function decodeDmesgEscapes(text: string): string {
  return text.includes('\\x') ? text.replace(dmesgEscape, byteOfHex) : text;
}

const kernelsBackslash = /\\x5cx[0-9a-f]{2}/;

/**
 * What a syslog file does to bytes. rsyslog's imkmsg and syslog-ng's system() read /dev/kmsg and leave the kernel's
 * escapes in, where the backslash of a systemd unit's name is one too (`\x5cx2d`); other daemons write such a name as it
 * is (`\x2d`), so that of the escapes without this sign only those of unprintable bytes are undone.
 */
export function decodeSyslogEscapes(text: string): string {
  if (kernelsBackslash.test(text)) return decodeRsyslogEscapes(unescapeText(text));
  return decodeRsyslogEscapes(decodeDmesgEscapes(text));
}

/**
 * rsyslog writes a control byte as `#` and three octal digits and does not escape `#`. Decoded, because a memory
 * cgroup's statistics (one record with newlines, kernels 5.3 to 6.4) reach a file through it; a text that held `#012`
 * itself cannot be recognised.
 */
function decodeRsyslogEscapes(text: string): string {
  return text.includes('#') ? text.replace(rsyslogEscape, byteOfOctal) : text;
}
