import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { boundPlugin, type PluginRun } from './exec-plugin.js';
import type { Secrets } from './secrets.js';

/** A plug-in that asks somebody on the network may take its time; the requests that wait for it do not. */
const pluginLimitMs = 30_000;

/** What a header may hold (RFC 9110): Node would refuse the request with an error of its own. */
const headerText = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The agent cannot say who it is. The message is one sentence and quotes nothing that may be a secret. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
  readonly code = 'ERR_KUBERNETES_CREDENTIALS';
}

/** Who the agent is to the API server, from one kubeconfig. */
export class Credentials {
  readonly #config: KubeConfig;
  readonly #secrets: Secrets;
  #plugin: PluginRun | undefined;
  #asking: Promise<RequestOptions> | undefined;
  readonly #ending = new AbortController();

  constructor(config: KubeConfig, secrets: Secrets) {
    this.#config = config;
    this.#secrets = secrets;
    boundPlugin(config, {
      limitMs: pluginLimitMs,
      ending: this.#ending.signal,
      onRun: (run) => {
        this.#plugin = run;
      },
    });
  }

  /** Whoever is being asked is not waited for any more. */
  close(): void {
    this.#ending.abort();
  }

  /**
   * The options that say it; asked once for all who ask at a time, and while `signal` is not aborted.
   *
   * @throws CredentialsError, or the signal's reason
   */
  async options(signal: AbortSignal): Promise<RequestOptions> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    const given = await unlessAborted(this.#asking, signal);
    return { ...given, headers: { ...given.headers } };
  }

  /** Why nothing comes; undefined: nobody is being asked. */
  get waitsFor(): string | undefined {
    return this.#asking !== undefined && this.#plugin?.isOver === false
      ? `the exec plug-in ${this.#plugin.name} of the kubeconfig gives no credentials`
      : undefined;
  }

  async #ask(): Promise<RequestOptions> {
    const options: RequestOptions = { headers: {} };
    try {
      await this.#config.applyToHTTPSOptions(options);
    } catch (error) {
      throw this.#failure(error);
    }
    const headers = options.headers as Record<string, string>;
    for (const [name, value] of Object.entries(headers)) {
      // A token file ends with a newline, as most files do.
      const trimmed = value.trim().replace(/^(Bearer)\s+/, '$1 ');
      this.#secrets.add(trimmed.replace(/^(Bearer|Basic) /i, ''));
      if (!headerText.test(trimmed)) {
        throw new CredentialsError(
          `the ${name === 'Authorization' ? 'token' : name} holds characters that no header may have: check the kubeconfig or the token's file`,
        );
      }
      headers[name] = trimmed;
    }
    if (options.auth) {
      this.#secrets.add(options.auth);
      this.#secrets.add(options.auth.slice(options.auth.indexOf(':') + 1));
    }
    return options;
  }

  #failure(error: unknown): CredentialsError {
    const run = this.#plugin;
    if (run !== undefined && this.#config.getCurrentUser()?.exec) {
      const outcome = run.outcome === 'exit code 0' ? 'what it wrote is none' : run.outcome;
      return new CredentialsError(
        `the exec plug-in ${run.name} of the kubeconfig gives no credentials (${outcome}): run it by hand to see why`,
      );
    }
    const { code, syscall, path } = error as NodeJS.ErrnoException;
    // Only the system's own errors: others quote what they could not read.
    const why = syscall === undefined ? 'they cannot be read' : `${code} ${path ?? ''}`.trim();
    return new CredentialsError(
      `the agent's credentials for the Kubernetes API server cannot be used (${why}): check the kubeconfig, the certificates and the token's file`,
    );
  }
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
