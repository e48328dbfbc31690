import { gunzipSync } from 'node:zlib';
import type { Answer } from './answer.js';

/** A file of the page; `gzip`: its bytes, packed, in base64. */
export interface PageFile {
  type: string;
  gzip: string;
}

/** The files of the page, by their paths. */
export type PageFiles = Readonly<Record<string, PageFile>>;

/** Bytes of the files that were asked for. */
const packedFiles = new WeakMap<PageFile, Buffer>();

/** The file as it is kept, for every browser unpacks it; unpacked for who does not. */
export function fileAnswer(file: PageFile, acceptEncoding = ''): Answer {
  const { type, gzip } = file;
  const packed = packedFiles.get(file) ?? Buffer.from(gzip, 'base64');
  packedFiles.set(file, packed);
  const headers = { Vary: 'Accept-Encoding' };
  return acceptsGzip(acceptEncoding)
    ? { status: 200, type, body: packed, headers: { ...headers, 'Content-Encoding': 'gzip' } }
    : { status: 200, type, body: gunzipSync(packed), headers };
}

/** RFC 9110, 12.5.3: `gzip` by its name, else as one of all; a weight of 0 is a no. */
function acceptsGzip(acceptEncoding: string): boolean {
  const ranges = acceptEncoding
    .toLowerCase()
    .split(',')
    .map((range) => range.split(';').map((part) => part.trim()));
  const own = ranges.find(([coding]) => coding === 'gzip') ?? ranges.find(([all]) => all === '*');
  return own !== undefined && !/^q=0(?:\.0*)?$/.test(own[1] ?? '');
}
