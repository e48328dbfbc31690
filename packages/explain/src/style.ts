/** Colours a text, or leaves it alone: chosen once per stream. */
export type Style = (
  format: 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'inverse' | 'cyan',
  text: string,
) => string;
