import { KmsgError } from '@oomwatcher/kmsg';
import type { WatchOptions } from './options.js';

const values = {
  source: ['native', 'portable'],
  from: ['now', 'boot'],
  witness: ['auto', 'off', 'require'],
  reports: [true, false],
} as const;

/**
 * Before anything is opened: an option that is misspelt would be another watch than was asked for.
 *
 * @throws KmsgError with code `ERR_INVALID_ARG_VALUE`.
 */
export function checkOptions(options: WatchOptions): void {
  if (typeof options !== 'object' || options === null) fail('options', options, 'an object');
  for (const [name, allowed] of Object.entries(values)) {
    const value = options[name as keyof typeof values];
    if (value === undefined || (allowed as readonly unknown[]).includes(value)) continue;
    fail(name, value, allowed.map((each) => String(each)).join(' or '));
  }
  const { signal, warn, capture } = options;
  if (signal !== undefined && !isSignal(signal)) fail('signal', signal, 'an AbortSignal');
  if (warn !== undefined && warn !== false && typeof warn !== 'function') {
    fail('warn', warn, 'a function or false');
  }
  if (capture !== undefined && !isCapture(capture)) {
    fail('capture', capture, 'a path, bytes, or a stream of bytes');
  }
}

function isSignal(value: unknown): boolean {
  const { aborted, addEventListener } = (value ?? {}) as Partial<AbortSignal>;
  return typeof aborted === 'boolean' && typeof addEventListener === 'function';
}

function isCapture(value: unknown): boolean {
  if (typeof value === 'string' || value instanceof Uint8Array) return true;
  return typeof (value as AsyncIterable<unknown> | null)?.[Symbol.asyncIterator] === 'function';
}

function fail(name: string, value: unknown, allowed: string): never {
  const shown = typeof value === 'string' ? `"${value}"` : value === null ? 'null' : typeof value;
  throw new KmsgError(`the option ${name} is ${shown}`, {
    code: 'ERR_INVALID_ARG_VALUE',
    remedy: `give ${allowed}, or leave it out`,
  });
}
