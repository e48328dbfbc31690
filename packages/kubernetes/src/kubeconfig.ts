import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { KubeConfig, makeAbsolutePath } from '@kubernetes/client-node';
import { load as parseYaml, YAMLException } from 'js-yaml';
import * as v from 'valibot';
import { ConfigurationError } from './configuration-error.js';

const text = v.string();
/** A number is what YAML takes an unquoted token of digits for. */
const secretText = v.pipe(v.union([v.string(), v.number()]), v.transform(String));

const userSchema = v.looseObject({
  token: v.nullish(secretText),
  tokenFile: v.nullish(text),
  'token-file': v.nullish(text),
  username: v.nullish(secretText),
  password: v.nullish(secretText),
  'client-certificate': v.nullish(text),
  'client-certificate-data': v.nullish(text),
  'client-key': v.nullish(text),
  'client-key-data': v.nullish(text),
  as: v.nullish(text),
  exec: v.nullish(
    v.looseObject({
      command: text,
      args: v.nullish(v.array(text)),
      env: v.nullish(v.array(v.looseObject({ name: text, value: text }))),
    }),
  ),
  'auth-provider': v.nullish(v.looseObject({ name: text })),
});

/** client-go's api/v1 Config, of which any part may be in another file. */
const kubeconfigSchema = v.looseObject({
  clusters: v.nullish(
    v.array(
      v.looseObject({
        name: text,
        cluster: v.looseObject({
          server: text,
          'certificate-authority': v.nullish(text),
          'certificate-authority-data': v.nullish(text),
          'insecure-skip-tls-verify': v.nullish(v.boolean()),
          'tls-server-name': v.nullish(text),
          'proxy-url': v.nullish(text),
        }),
      }),
    ),
  ),
  users: v.nullish(v.array(v.looseObject({ name: text, user: v.nullish(userSchema) }))),
  contexts: v.nullish(
    v.array(
      v.looseObject({
        name: text,
        context: v.looseObject({ cluster: text, user: v.nullish(text) }),
      }),
    ),
  ),
  'current-context': v.nullish(text),
});

type Kubeconfig = v.InferOutput<typeof kubeconfigSchema>;

/**
 * One kubeconfig file. What is wrong with it is said by its place and never by its text: that may be a token.
 *
 * @throws ConfigurationError
 */
export function readKubeconfig(file: string, origin: string): KubeConfig {
  const config = new KubeConfig();
  try {
    const checked = check(parseYaml(readFileSync(file, 'utf8')));
    // JSON is YAML; the library reads it in its own way.
    config.loadFromString(JSON.stringify(withTokenFiles(checked, dirname(file))));
    config.makePathsAbsolute(dirname(file));
  } catch (error) {
    throw new ConfigurationError(
      `cannot read the kubeconfig ${file} (${wrong(error)}): check what ${origin} names`,
    );
  }
  return config;
}

class WrongShape extends Error {}

function check(content: unknown): Kubeconfig {
  const { success, output, issues } = v.safeParse(kubeconfigSchema, content ?? {});
  if (success) return output;
  const place = v.getDotPath(issues[0]) ?? 'the whole';
  throw new WrongShape(`${place} is not what a kubeconfig has there`);
}

/**
 * client-go's `tokenFile` goes before `token`. The library knows only a `token-file`, which it reads once and with the
 * newline that most files end with; its way of the pod's own token reads it again every minute.
 */
function withTokenFiles({ users, ...rest }: Kubeconfig, folder: string) {
  return {
    ...rest,
    users: (users ?? []).map((named) => {
      const { tokenFile, 'token-file': other, token, ...user } = named.user ?? {};
      const file = tokenFile ?? other;
      if (!file) return { ...named, user: { ...user, token } };
      const config = { tokenFile: makeAbsolutePath(folder, file) };
      return { ...named, user: { ...user, 'auth-provider': { name: 'tokenFile', config } } };
    }),
  };
}

function wrong(error: unknown): string {
  if (error instanceof WrongShape) return error.message;
  if (error instanceof YAMLException) {
    const { line, column } = error.mark ?? {};
    const place = line === undefined ? '' : ` at line ${line + 1}, column ${(column ?? 0) + 1}`;
    return `not YAML${place}`;
  }
  // Of the system: no such file, not allowed.
  if (error instanceof Error && 'syscall' in error) return error.message;
  return 'the Kubernetes client library does not understand it';
}
