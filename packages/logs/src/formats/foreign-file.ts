import { latin1 } from './bytes.js';

/** A file that is no text, by its first bytes, and how to make a log of it. */
export interface ForeignFile {
  what: string;
  /** What to do, to be set after a colon. */
  remedy: string;
}

interface Kind extends ForeignFile {
  /** As latin1, from the file's first byte on. */
  magic: RegExp;
}

/** The marks of all kinds are within so many bytes. */
export const foreignMarkBytes = 512;

const asText = 'give it dmesg, journalctl or syslog output';
const known: readonly Kind[] = [
  {
    magic: /^\x04\x22M\x18/,
    what: 'compressed by lz4',
    remedy: 'give it as lz4 -dc FILE | oomwatcher parse -',
  },
  {
    magic: /^\x89LZO/,
    what: 'compressed by lzop',
    remedy: 'give it as lzop -dc FILE | oomwatcher parse -',
  },
  {
    magic: /^PK(?:\x03\x04|\x05\x06)/,
    what: 'a zip archive',
    remedy: 'give a file of it as unzip -p FILE NAME | oomwatcher parse -',
  },
  { magic: /^7z\xbc\xaf/, what: 'a 7z archive', remedy: 'unpack it' },
  { magic: /^Rar!\x1a/, what: 'a RAR archive', remedy: 'unpack it' },
  {
    magic: /^[\s\S]{257}ustar/,
    what: 'a tar archive',
    remedy: 'give a file of it as tar -xOf FILE NAME | oomwatcher parse -',
  },
  // Documentation/admin-guide/kdump: a crashed kernel's memory, as makedumpfile or /proc/vmcore gives it.
  {
    magic: /^(?:KDUMP {3}|DISKDUMP|makedumpfile)/,
    what: "a crashed kernel's memory (vmcore)",
    remedy: 'give its log as makedumpfile --dump-dmesg FILE LOG',
  },
  // e_type, in either order of bytes.
  {
    magic: /^\x7fELF[\s\S]{12}(?:\x04\0|\0\x04)/,
    what: 'a core dump (ELF)',
    remedy: "of a crashed kernel's, give the log as vmcore-dmesg FILE | oomwatcher parse -",
  },
  { magic: /^\x7fELF/, what: 'a program (ELF)', remedy: asText },
  {
    magic: /^LPKSHHRH/,
    what: 'a journal as systemd stores it',
    remedy: 'give it as journalctl --file FILE -o json | oomwatcher parse -',
  },
  { magic: /^SQLite format 3/, what: 'a SQLite database', remedy: asText },
  { magic: /^%PDF-/, what: 'a PDF', remedy: 'give it the text, as pdftotext -layout writes it' },
  { magic: /^\x89PNG|^\xff\xd8\xff|^GIF8/, what: 'a picture', remedy: asText },
  {
    magic: /^ElfFile\0/,
    what: 'an event log of Windows',
    remedy: asText,
  },
  {
    magic: /^\xd0\xcf\x11\xe0\xa1\xb1/,
    what: 'a document of Microsoft Office',
    remedy: 'save it as text',
  },
  {
    magic: /^\x0a\x0d\x0d\x0a|^\xd4\xc3\xb2\xa1/,
    what: 'a capture of network packets',
    remedy: asText,
  },
];

/** undefined: it may be a log. `foreignMarkBytes` are enough. */
export function foreignFileOf(firstBytes: Uint8Array): ForeignFile | undefined {
  const first = latin1(firstBytes, 0, Math.min(firstBytes.length, foreignMarkBytes));
  const kind = known.find(({ magic }) => magic.test(first));
  return kind && { what: kind.what, remedy: kind.remedy };
}
