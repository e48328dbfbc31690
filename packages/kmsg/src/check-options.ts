import { readCursor } from './cursor.js';
import { KmsgError } from './errors.js';
import type { LogOptions } from './log-options.js';
import type { KmsgSource } from './source.js';

/**
 * Before anything is opened: an option that is misspelt would be another reading than was asked for.
 *
 * @throws KmsgError with code `ERR_INVALID_ARG_VALUE`.
 */
export function checkLogOptions(options: LogOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw invalidOption('options', options, 'an object');
  }
  const { source, from, cursor, signal, warn, logger, capture } = options;
  if (typeof source !== 'function')
    checkChoice('source', source, ['native', 'portable'], 'a function');
  checkChoice('from', from, ['now', 'boot']);
  if (cursor !== undefined) readCursor(cursor);
  if (signal !== undefined && !isSignal(signal))
    throw invalidOption('signal', signal, 'an AbortSignal');
  if (warn !== undefined && warn !== false && typeof warn !== 'function') {
    throw invalidOption('warn', warn, 'a function or false');
  }
  if (logger !== undefined && !isLogger(logger)) {
    throw invalidOption('logger', logger, 'an object with the method warn, and info if it likes');
  }
  if (capture !== undefined && !isCapture(capture)) {
    throw invalidOption('capture', capture, 'a path, bytes, or a stream of bytes');
  }
  if (capture !== undefined && typeof source === 'function') {
    throw new KmsgError('a source of your own and a capture were given', {
      code: 'ERR_INVALID_ARG_VALUE',
      remedy: 'give one of them',
    });
  }
}

/** @throws KmsgError with code `ERR_INVALID_ARG_VALUE` for a value that is neither allowed nor undefined. */
export function checkChoice(
  name: string,
  value: unknown,
  allowed: readonly unknown[],
  ...others: string[]
): void {
  if (value === undefined || allowed.includes(value)) return;
  throw invalidOption(name, value, [...allowed.map(String), ...others].join(' or '));
}

/** Closes what is no source, where it can be closed. @throws KmsgError with code `ERR_INVALID_ARG_VALUE`. */
export function checkOwnSource(source: KmsgSource): KmsgSource {
  const given = (source ?? {}) as Partial<Record<keyof KmsgSource, unknown>>;
  const lacks = (['next', 'stats', 'ref', 'unref', 'close'] as const).filter(
    (method) => typeof given[method] !== 'function',
  );
  if (lacks.length === 0 && (given.kind === 'native' || given.kind === 'portable')) return source;
  if (typeof given.close === 'function') source.close();
  const what =
    lacks.length > 0
      ? `something without ${lacks.join(', ')}`
      : `a source of the kind ${JSON.stringify(given.kind)}`;
  const remedy =
    given.kind === 'replay'
      ? 'give what it reads as the option capture: a source is of the live log of this node'
      : 'give a KmsgSource of the kind native or portable, at once and not as a promise';
  throw new KmsgError(`the function that was given as source gave ${what}`, {
    code: 'ERR_INVALID_ARG_VALUE',
    remedy,
  });
}

function isSignal(value: unknown): boolean {
  const { aborted, addEventListener } = (value ?? {}) as Partial<AbortSignal>;
  return typeof aborted === 'boolean' && typeof addEventListener === 'function';
}

function isLogger(value: unknown): boolean {
  const { info, warn } = (value ?? {}) as { info?: unknown; warn?: unknown };
  return typeof warn === 'function' && (info === undefined || typeof info === 'function');
}

function isCapture(value: unknown): boolean {
  if (typeof value === 'string' || value instanceof Uint8Array) return true;
  return typeof (value as AsyncIterable<unknown> | null)?.[Symbol.asyncIterator] === 'function';
}

function invalidOption(name: string, value: unknown, allowed: string): KmsgError {
  const shown = typeof value === 'string' ? `"${value}"` : value === null ? 'null' : typeof value;
  return new KmsgError(`the option ${name} is ${shown}`, {
    code: 'ERR_INVALID_ARG_VALUE',
    remedy: `give ${allowed}, or leave it out`,
  });
}
