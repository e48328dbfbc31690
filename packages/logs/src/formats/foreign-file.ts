/** A file that is no text, by its first bytes, and how to make a log of it. */
export interface ForeignFile {
  what: string;
  /** What to do, to be set after a colon. */
  remedy: string;
}

const known: readonly { magic: readonly number[]; what: string; remedy: string }[] = [
  {
    magic: [0x04, 0x22, 0x4d, 0x18],
    what: 'compressed by lz4',
    remedy: 'give it as lz4 -dc FILE | oomwatcher parse -',
  },
  {
    magic: [0x89, 0x4c, 0x5a, 0x4f],
    what: 'compressed by lzop',
    remedy: 'give it as lzop -dc FILE | oomwatcher parse -',
  },
  {
    magic: [0x50, 0x4b, 0x03, 0x04],
    what: 'a zip archive',
    remedy: 'give a file of it as unzip -p FILE NAME | oomwatcher parse -',
  },
  { magic: [0x37, 0x7a, 0xbc, 0xaf], what: 'a 7z archive', remedy: 'unpack it' },
  {
    magic: [0x7f, 0x45, 0x4c, 0x46],
    what: 'a program (ELF)',
    remedy: 'give it dmesg, journalctl or syslog output',
  },
  {
    magic: [0x4c, 0x50, 0x4b, 0x53],
    what: 'a journal as systemd stores it',
    remedy: 'give it as journalctl --file FILE -o json | oomwatcher parse -',
  },
  {
    magic: [0x53, 0x51, 0x4c, 0x69],
    what: 'a SQLite database',
    remedy: 'give it dmesg, journalctl or syslog output',
  },
];

/** undefined: it may be a log. Four bytes are enough. */
export function foreignFileOf(firstBytes: Uint8Array): ForeignFile | undefined {
  return known.find(({ magic }) => magic.every((byte, at) => firstBytes[at] === byte));
}
