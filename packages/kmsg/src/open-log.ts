import { checkOwnSource } from './check-options.js';
import type { LogOptions } from './log-options.js';
import { Told } from './logger.js';
import { type OpenedSource, openSource } from './open-source.js';
import { type Capture, openReplay } from './replay.js';
import type { SourceOptions } from './source.js';

/**
 * Opens what the options name: the live log by one of its sources or by one of the caller's own, or a capture.
 *
 * @throws KmsgError when the log cannot be opened, or what the caller's function gives is no source.
 */
export function openLog(options: LogOptions, wanted: SourceOptions): OpenedSource {
  const { capture, source } = options;
  if (capture !== undefined) {
    return {
      source: openReplay(capture, { keep: wanted.keep }),
      reason: `replay of ${nameOf(capture)}`,
    };
  }
  if (typeof source === 'function') {
    const own = checkOwnSource(source(wanted));
    return { source: own, reason: `${own.kind}, opened by the program itself` };
  }
  return openSource({ ...wanted, source, warn: new Told(options).warn });
}

function nameOf(capture: Capture): string {
  return typeof capture === 'string' ? capture : 'the bytes that were given';
}
