import { root } from './paths.ts';

/**
 * What to put in front of a command to run it in surroundings that lack something (AgentOptions.wrapper). For that one
 * process only: nothing on the machine is touched.
 */

export const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

/** What a container's root user has when nothing was added. */
export const withoutCapabilities = [
  'setpriv',
  '--inh-caps=-syslog,-sys_admin',
  '--bounding-set=-syslog,-sys_admin',
];

/** In a pid namespace of its own, with a /proc of that. */
export const ownPids = ['unshare', '--pid', '--fork', '--mount-proc'];

/** After shell commands in a mount namespace of its own. */
export function mounted(commands: string, ...parameters: string[]): string[] {
  const shift = parameters.length === 0 ? '' : `shift ${parameters.length};`;
  return [
    'unshare',
    '--mount',
    'sh',
    '-ec',
    `${commands}; ${shift} exec "$@"`,
    'sh',
    ...parameters,
  ];
}

export const behindDevNull = mounted('mount --bind /dev/null /dev/kmsg');

/** With the build itself untouched: an empty file system over each folder of binaries. */
export const withoutAddon = mounted(
  `for folder in build prebuilds; do
     if [ -d "$1/native/$folder" ]; then mount -t tmpfs tmpfs "$1/native/$folder"; fi
   done`,
  root,
);
