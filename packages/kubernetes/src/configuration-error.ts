/** Which API server to use, or how, cannot be read. The message is one sentence with the remedy. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly code = 'ERR_KUBERNETES_CONFIGURATION';
}
