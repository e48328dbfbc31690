import { readFileSync } from 'node:fs';

/** Errors of the system by which the log or a capture cannot be opened or read. Every other one is `ERR_UNKNOWN`. */
const systemCodes = [
  ...([
    'EACCES',
    'EAGAIN',
    'EBADF',
    'EBUSY',
    'EFAULT',
    'EINTR',
    'EINVAL',
    'EIO',
    'EISDIR',
  ] as const),
  ...([
    'ELOOP',
    'EMFILE',
    'ENAMETOOLONG',
    'ENFILE',
    'ENODATA',
    'ENODEV',
    'ENOENT',
    'ENOMEM',
  ] as const),
  ...(['ENOTDIR', 'ENXIO', 'EOVERFLOW', 'EPERM', 'EPIPE', 'ESTALE', 'ETIMEDOUT'] as const),
];

/** Every code that a KmsgError has: a `switch` over them needs no `default`. docs/errors.md says when and what to do. */
export type KmsgErrorCode =
  | (typeof systemCodes)[number]
  | 'ERR_INVALID_ARG_VALUE'
  | 'ERR_NO_ADDON'
  | 'ERR_NO_CAPTURE'
  | 'ERR_NOT_KMSG'
  | 'ERR_NOT_LINUX'
  | 'ERR_UNKNOWN'
  | 'ERR_WATCHER_IN_USE';

/** What a KmsgError says beside its sentence. The codes are in docs/errors.md. */
export interface KmsgErrorFields {
  code: KmsgErrorCode;
  errno?: number | undefined;
  syscall?: string | undefined;
  path?: string | undefined;
  /** What to do about it, as the end of the message's sentence. */
  remedy: string;
  notAllowed?: boolean;
}

/** A kernel log that cannot be read. The message is one sentence for people, ending with the remedy. */
export class KmsgError extends Error {
  override readonly name = 'KmsgError';
  readonly code: KmsgErrorCode;
  /** As Node.js gives it: negative, such as -1 for EPERM. */
  readonly errno: number | undefined;
  readonly syscall: string | undefined;
  readonly path: string | undefined;
  /** What is wrong: the sentence's first part. */
  readonly problem: string;
  readonly remedy: string;
  /** The node's set-up forbids it: nothing that the program could do differently would help. */
  readonly notAllowed: boolean;

  constructor(problem: string, fields: KmsgErrorFields, options?: ErrorOptions) {
    super(`${problem}: ${fields.remedy}`, options);
    this.code = fields.code;
    this.errno = fields.errno;
    this.syscall = fields.syscall;
    this.path = fields.path;
    this.problem = problem;
    this.remedy = fields.remedy;
    this.notAllowed = fields.notAllowed ?? false;
  }
}

/** @throws KmsgError on another system, before a file that only Linux has is missed. */
export function requireLinux(): void {
  if (process.platform === 'linux') return;
  throw new KmsgError(`this is ${process.platform}, and only Linux has /dev/kmsg`, {
    code: 'ERR_NOT_LINUX',
    remedy: 'run it on a Linux node; captured logs are read everywhere',
    notAllowed: true,
  });
}

/** What the kernel says about who may read its log. EPERM has three causes and no errno distinguishes them. */
export interface AccessFacts {
  dmesgRestrict: boolean;
  /** printk.devkmsg=off: nobody may open the device, not even root. */
  devkmsgOff: boolean;
  /** CAP_SYSLOG in the effective set. */
  syslogCapability: boolean;
}

const syslogCapabilityBit = 34n;

/** Reads them from /proc. What cannot be read counts as not set. */
export function readAccessFacts(): AccessFacts {
  const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(readOrEmpty('/proc/self/status'))?.[1];
  return {
    dmesgRestrict: readOrEmpty('/proc/sys/kernel/dmesg_restrict').trim() === '1',
    devkmsgOff: readOrEmpty('/proc/sys/kernel/printk_devkmsg').trim() === 'off',
    syslogCapability: ((BigInt(`0x${effective ?? 0}`) >> syslogCapabilityBit) & 1n) === 1n,
  };
}

/** The error for a device that open(2) refused, or that is not the kernel's log (`ERR_NOT_KMSG`). */
export function openingError(cause: unknown, path: string, facts = readAccessFacts): KmsgError {
  const { code, name, errno, syscall } = systemError(cause);
  const fail = (problem: string, remedy: string, notAllowed = true) =>
    new KmsgError(
      problem,
      { code, errno, syscall: syscall ?? 'open', path, remedy, notAllowed },
      { cause },
    );
  switch (code) {
    case 'EPERM':
    case 'EACCES':
      return fail(`${path} may not be read (${code})`, permissionRemedy(code, facts()));
    case 'ENOENT':
      return fail(
        `${path} does not exist`,
        "mount the host's /dev/kmsg here, in Kubernetes as a hostPath volume of type CharDevice",
      );
    case 'ERR_NOT_KMSG':
      return fail(
        `${path} is not the kernel's log (character device 1:11)`,
        "some container runtimes put a link to /dev/console or /dev/null there; mount the host's /dev/kmsg instead",
      );
    case 'EMFILE':
    case 'ENFILE':
      return fail(
        `${path} cannot be opened (${code}): ${code === 'EMFILE' ? 'this process' : 'the machine'} has as many files open as it may`,
        code === 'EMFILE'
          ? 'raise the limit (LimitNOFILE in the systemd unit, ulimit -n in a shell)'
          : 'raise fs.file-max, or end what opens so many',
        false,
      );
    case 'ENOMEM':
      return fail(`${path} cannot be opened (${code})`, 'give the process more memory', false);
    default:
      return fail(
        `${path} cannot be opened (${name})`,
        'look at what the node allows: capabilities, mounts, kernel.dmesg_restrict',
        false,
      );
  }
}

/** The error for a device or file that was open and failed while it was read. */
export function readingError(cause: unknown, path: string): KmsgError {
  const { code, name, errno, syscall } = systemError(cause);
  return new KmsgError(
    `reading ${path} failed (${name})`,
    { code, errno, syscall: syscall ?? 'read', path, remedy: 'open it again to go on' },
    { cause },
  );
}

/** The error for a capture that cannot be opened or read. */
export function captureError(cause: unknown, path: string | undefined): KmsgError {
  const { code, name, errno, syscall } = systemError(cause);
  const problem =
    path === undefined
      ? `the stream of the capture failed (${name === 'ERR_UNKNOWN' ? String(cause) : name})`
      : `the capture ${path} cannot be read (${name})`;
  const remedy =
    path === undefined
      ? 'look at what feeds it; what it gave before is given out'
      : 'name a readable raw kmsg capture';
  return new KmsgError(
    problem,
    { code, errno, syscall: syscall ?? 'read', path, remedy },
    { cause },
  );
}

/** The error for a capture without a single record of the form that /dev/kmsg has. */
export function notCapture(path: string | undefined): KmsgError {
  return new KmsgError(`${path ?? 'the capture'} holds no record as /dev/kmsg gives it`, {
    code: 'ERR_NO_CAPTURE',
    path,
    remedy:
      'give it to parse() of @oomwatcher/logs/parse, which reads dmesg, journalctl and syslog',
  });
}

/** The error for a device in the place of a capture. */
export function deviceError(path: string): KmsgError {
  const remedy = 'leave --source out to watch this node, or name a raw kmsg capture';
  const problem = `${path} is a device, not a capture`;
  return new KmsgError(problem, { code: 'ERR_NO_CAPTURE', syscall: 'open', path, remedy });
}

/** An error in the shape of Node's own, for a path that is something else than the kernel's log. */
export function notKmsg(path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${path} is not the character device 1:11`), {
    code: 'ERR_NOT_KMSG',
    syscall: 'fstat',
    path,
  });
}

function permissionRemedy(code: string, facts: AccessFacts): string {
  if (facts.devkmsgOff) {
    return 'the kernel runs with printk.devkmsg=off; set kernel.printk_devkmsg to ratelimit or remove it from the kernel command line';
  }
  if (facts.dmesgRestrict && !facts.syslogCapability) {
    return 'kernel.dmesg_restrict is 1 and this process lacks CAP_SYSLOG; run it as root or grant the capability, in Kubernetes with securityContext.capabilities.add: [SYSLOG]';
  }
  if (code === 'EACCES') {
    return 'the file mode or a security module forbids it; run as root, or allow it in the SELinux or AppArmor policy';
  }
  return 'the device cgroup or a user namespace forbids it; allow the device "c 1:11 r", in Kubernetes with securityContext.privileged: true';
}

/** `name`: the code that the error has, also one that is not of the union. */
function systemError(cause: unknown): {
  code: KmsgErrorCode;
  name: string;
  errno: number | undefined;
  syscall: string | undefined;
} {
  const { code: name = 'ERR_UNKNOWN', errno, syscall } = (cause ?? {}) as NodeJS.ErrnoException;
  const code = isKnown(name) ? name : 'ERR_UNKNOWN';
  // The addon's errors without an errno have 0.
  return { code, name, errno: errno || undefined, syscall };
}

function isKnown(name: string): name is KmsgErrorCode {
  return name === 'ERR_NOT_KMSG' || (systemCodes as readonly string[]).includes(name);
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
