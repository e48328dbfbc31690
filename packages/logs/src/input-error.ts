/** A log that cannot be read to its end. The message is one sentence with the remedy. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly code = 'ERR_LOG_INPUT';
}
