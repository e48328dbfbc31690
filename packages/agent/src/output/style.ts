import { styleText } from 'node:util';
import type { Style } from '@oomwatcher/explain';

/** Colours only on a terminal; NO_COLOR, NODE_DISABLE_COLORS and FORCE_COLOR are honoured by node:util. */
export function styleFor(stream: NodeJS.WritableStream): Style {
  return (format, text) => styleText(format, text, { stream, validateStream: true });
}
