import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogLine } from '../../src/index.js';

/**
 * Syslog daemons and journalctl, driven as they are: each reads a kernel's log that we give it and writes its usual forms.
 * Where they are not installed, they may be unpacked from their packages (`dpkg -x`) into OOMWATCHER_DAEMONS.
 */
const root = process.env.OOMWATCHER_DAEMONS ?? '';
const libraries = ['usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu', 'usr/lib/syslog-ng'];
const env = {
  ...process.env,
  PATH: ['usr/sbin', 'usr/bin', 'sbin', 'bin', 'lib/systemd', 'usr/lib/systemd']
    .flatMap((folder) => [`${root}/${folder}`, `/${folder}`])
    .join(':'),
  LC_ALL: 'C',
  TZ: 'UTC',
  ...(root !== '' && {
    LD_LIBRARY_PATH: libraries.map((folder) => `${root}/${folder}`).join(':'),
  }),
};

export interface Program {
  name: string;
  /** What prints its version. */
  version: readonly string[];
  /** Whether it opens a fixed path, so that it needs a mount namespace, and so root. */
  needsRoot?: boolean;
  /** Writes each of its forms to a file of this name in the folder. */
  forms: readonly string[];
  write(lines: readonly LogLine[], folder: string): Promise<void>;
}

/** How long a daemon may take for all. */
const patienceMs = 300_000;

/** As /proc/kmsg gives them: a text of several lines is one record. */
function kmsg(lines: readonly LogLine[]): string {
  return lines
    .flatMap((line) => line.text.split('\n').map((text) => `${mark(line)}${stamped(line, text)}\n`))
    .join('');
}

const mark = ({ priority = 6 }: LogLine) => `<${priority}>`;
const stamped = ({ timestampUs = 0 }: LogLine, text: string) =>
  `[${(timestampUs / 1e6).toFixed(6).padStart(12)}] ${text}`;

/** The program wrote nothing at all: a security module, a container, or a version that takes another configuration. */
export class Unusable extends Error {}

/** Runs a daemon in the foreground until the files no longer grow, and ends it. */
async function until(
  files: readonly string[],
  records: number,
  command: string,
  args: readonly string[],
): Promise<void> {
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (data) => (errors += data));
  const ended = new Promise((resolve) => child.once('close', resolve).once('error', resolve));
  const start = Date.now();
  while (!files.every((file) => linesIn(file) >= records) && Date.now() - start < patienceMs) {
    if (child.exitCode !== null) break;
    await sleep(50);
  }
  // unshare passes over SIGTERM; all of its namespace ends with it.
  child.kill('SIGKILL');
  await ended;
  if (files.every((file) => linesIn(file) === 0)) throw new Unusable(`${command}: ${errors}`);
  if (!files.every((file) => linesIn(file) >= records)) {
    throw new Error(`${command} did not write all: ${errors.slice(0, 500)}`);
  }
}

function linesIn(file: string): number {
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return 0;
  return readFileSync(file, 'latin1').split('\n').length - 1;
}

const rsyslogModules = `${root}/usr/lib/x86_64-linux-gnu/rsyslog`;
const rsyslog: Program = {
  name: 'rsyslog',
  version: ['rsyslogd', '-v'],
  forms: ['traditional', 'file-format', 'protocol-23', 'json'],
  async write(lines, folder) {
    const input = join(folder, 'kmsg');
    writeFileSync(input, kmsg(lines), 'latin1');
    const to = (form: string, template: string) =>
      `kern.* action(type="omfile" file="${folder}/${form}" template="${template}")\n`;
    const configuration =
      `module(load="imklog" LogPath="${input}")\n` +
      'template(name="json" type="list" option.jsonf="on") {\n' +
      ['timereported dateFormat="rfc3339"', 'hostname', 'programname', 'msg']
        .map((property, i) => {
          const name = ['@timestamp', 'host', 'program', 'message'][i];
          const [field, ...more] = property.split(' ');
          return `  property(outname="${name}" name="${field}" ${more.join(' ')} format="jsonf")\n`;
        })
        .join('') +
      '}\n' +
      to('traditional', 'RSYSLOG_TraditionalFileFormat') +
      to('file-format', 'RSYSLOG_FileFormat') +
      to('protocol-23', 'RSYSLOG_SyslogProtocol23Format') +
      to('json', 'json');
    const file = join(folder, 'rsyslog.conf');
    writeFileSync(file, configuration);
    const args = ['-n', '-f', file, '-i', join(folder, 'pid'), '-M', rsyslogModules];
    await until(outputs(this, folder), linesIn(input), 'rsyslogd', args);
  },
};

const syslogNg: Program = {
  name: 'syslog-ng',
  version: ['syslog-ng', '-V'],
  forms: ['default', 'iso', 'protocol', 'json'],
  async write(lines, folder) {
    const input = join(folder, 'kmsg');
    writeFileSync(input, kmsg(lines), 'latin1');
    const to = (form: string, options: string) =>
      `log { source(s); destination { file("${folder}/${form}" ${options}); }; };\n`;
    // What `system()` makes of /proc/kmsg.
    const configuration =
      `@version: ${versionOf(this)?.match(/\d+\.\d+/)?.[0]}\n` +
      `source s { file("${input}" program-override("kernel") flags(kernel) follow-freq(0.1)); };\n` +
      to('default', '') +
      to('iso', 'ts-format(iso)') +
      to('protocol', 'flags(syslog-protocol)') +
      to('json', 'template("$(format-json --scope rfc5424 --exclude DATE --key ISODATE)\\n")');
    const file = join(folder, 'syslog-ng.conf');
    writeFileSync(file, configuration);
    const own = ['-R', 'persist', '-c', 'control', '-p', 'pid'].map((word) =>
      word.startsWith('-') ? word : join(folder, word),
    );
    const args = ['-F', '-f', file, '--no-caps', ...own, ...modulesOf(this)];
    await until(outputs(this, folder), linesIn(input), 'syslog-ng', args);
  },
};

function modulesOf(program: Program): string[] {
  const version = versionOf(program)?.match(/\d+\.\d+/)?.[0];
  return root === '' ? [] : [`--module-path=${root}/usr/lib/syslog-ng/${version}`];
}

/** It opens /proc/kmsg: a FIFO stands there in a namespace of its own. */
const inetutils: Program = {
  name: 'inetutils-syslogd',
  version: ['syslogd', '--version'],
  needsRoot: true,
  forms: ['default'],
  async write(lines, folder) {
    const input = join(folder, 'kmsg');
    writeFileSync(input, kmsg(lines), 'latin1');
    writeFileSync(join(folder, 'syslog.conf'), `kern.*\t${folder}/default\n`);
    const script =
      'mkfifo "$1/fifo" && mount --bind "$1/fifo" /proc/kmsg && ' +
      '{ (sleep 0.5; cat "$1/kmsg"; sleep 20) > "$1/fifo" & ' +
      'exec syslogd -n -f "$1/syslog.conf" -p "$1/socket" -P "$1/pid"; }';
    const args = ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', script, 'sh', folder];
    await until(outputs(this, folder), linesIn(input), 'unshare', args);
  },
};

/** Its klogd asks the kernel itself; `logger` writes to the socket what klogd would: syslog(3) makes the facility user. */
const busybox: Program = {
  name: 'busybox',
  version: ['busybox'],
  needsRoot: true,
  forms: ['default', 'small'],
  async write(lines, folder) {
    for (const [form, option] of [
      ['default', ''],
      ['small', '-S'],
    ] as const) {
      const calls = lines.flatMap((line) =>
        line.text.split('\n').map((text) => {
          const words = stamped(line, text).replaceAll("'", "'\\''");
          return `busybox logger -t kernel -p kern.${levels[(line.priority ?? 6) & 7]} -- '${words}'\n`;
        }),
      );
      writeFileSync(join(folder, 'calls'), calls.join(''), 'latin1');
      const script =
        'mkdir "$1/dev" 2>/dev/null; mount -t tmpfs none "$1/dev" && mknod -m 666 "$1/dev/null" c 1 3 && ' +
        'mount --rbind "$1/dev" /dev && { (sleep 0.3; . "$1/calls") & ' +
        `exec busybox syslogd -n ${option} -O "$1/${form}"; }`;
      const args = ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', script, 'sh', folder];
      // It tells its own start first.
      await until([join(folder, form)], calls.length + 1, 'unshare', args);
    }
  },
};

const levels = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'];

const journalForms = ['short', 'short-precise', 'short-iso', 'short-iso-precise', 'short-full'];
journalForms.push('short-unix', 'short-monotonic', 'with-unit', 'verbose', 'json', 'json-pretty');
journalForms.push('json-sse', 'json-seq', 'export', 'cat');

/** A journal is made by systemd-journal-remote, from entries with the fields that journald gives to the kernel's lines. */
const journalctl: Program = {
  name: 'journalctl',
  version: ['systemd-journal-remote', '--version'],
  forms: journalForms,
  async write(lines, folder) {
    const file = join(folder, 'entries');
    const startUs = 1_795_796_000_000_000;
    const entries = lines.map(({ text, timestampUs = 0, priority = 6 }) => {
      const fields = {
        __REALTIME_TIMESTAMP: startUs + timestampUs,
        __MONOTONIC_TIMESTAMP: timestampUs,
        _SOURCE_MONOTONIC_TIMESTAMP: timestampUs,
        _BOOT_ID: '44fe53a3d6e2426cb07acd4bc67d0924',
        _MACHINE_ID: '0b4a1f0f3d6e4c1e9b8a7c6d5e4f3a2b',
        _HOSTNAME: 'node1',
        _TRANSPORT: 'kernel',
        SYSLOG_FACILITY: 0,
        SYSLOG_IDENTIFIER: 'kernel',
        PRIORITY: priority,
      };
      const plain = Object.entries(fields).map(([name, value]) => `${name}=${value}\n`);
      return Buffer.concat([Buffer.from(plain.join('')), binary('MESSAGE', text), newline]);
    });
    writeFileSync(file, Buffer.concat(entries));
    const journal = join(folder, 'all.journal');
    run('systemd-journal-remote', ['-o', journal, file]);
    for (const form of this.forms) {
      const args = ['--file', journal, '--no-pager', '--all', '-o', form];
      writeFileSync(join(folder, form), run('journalctl', args));
    }
  },
};

const newline = Buffer.from('\n');

/** A field of any bytes, with its length. */
function binary(name: string, text: string): Buffer {
  const value = Buffer.from(text, 'latin1');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(value.length));
  return Buffer.concat([Buffer.from(`${name}\n`), length, value, newline]);
}

function run(command: string, args: readonly string[]): Buffer {
  const { stdout, stderr, status } = spawnSync(command, args, { env, maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
  return stdout;
}

function outputs({ forms }: Program, folder: string): string[] {
  return forms.map((form) => join(folder, form));
}

/** The first line of what it says of itself; undefined: it is not there, or another program has its name. */
export function versionOf({ name, version: [command, ...args] }: Program): string | undefined {
  const { stdout, error } = spawnSync(command as string, args, { env, encoding: 'utf8' });
  if (error !== undefined || stdout === '') return undefined;
  const first = (stdout.split('\n')[0] as string).replace(/ compiled with:$/, '');
  return name !== 'inetutils-syslogd' || first.includes('inetutils') ? first : undefined;
}

/** Why a program cannot be driven here; undefined: it can. */
export function hindrance(program: Program): string | undefined {
  if (versionOf(program) === undefined) return `${program.name} is not installed`;
  if (program.needsRoot !== true) return undefined;
  const { status } = spawnSync('unshare', ['--mount', 'true'], { env });
  return status === 0 ? undefined : `${program.name} needs a mount namespace, and so root`;
}

export const programs: readonly Program[] = [rsyslog, syslogNg, inetutils, busybox, journalctl];
