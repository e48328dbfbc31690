import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Colours a text, or leaves it alone: chosen once per stream. */
export type Style = (format: Format, text: string) => string;

/** Colours only on a terminal; NO_COLOR, NODE_DISABLE_COLORS and FORCE_COLOR are honoured by node:util. */
export function styleFor(stream: NodeJS.WritableStream): Style {
  return (format, text) => styleText(format, text, { stream, validateStream: true });
}
