// A switch over every case compiles without a default, one that has forgotten a case does not: whoever decides by kinds and
// codes is told by the compiler when there is a new one.
import { InputError } from '@oomwatcher/logs';
import type { Missing, Notice, OomEvent, Outcome, Scope } from '@oomwatcher/oom';
import { KmsgError, type KmsgWarning, type LogEvent, type WatchEvent } from '@oomwatcher/watcher';

function never(_: never): string {
  return '';
}

export function ofEvent(event: WatchEvent): string {
  switch (event.kind) {
    case 'kill':
      return `${event.kill.victim?.name} ${event.report?.lines.length}`;
    case 'amendment':
      return event.amendment.id;
    case 'outcome':
      return ofOutcome(event.outcome);
    case 'notice':
      return ofNotice(event.notice);
    case 'repeat':
    case 'watching':
      return String(event.seq);
    case 'forged':
      return event.text;
    case 'loss':
      return String(event.lost);
    default:
      return never(event);
  }
}

export function withoutLoss(event: WatchEvent): string {
  switch (event.kind) {
    case 'kill':
    case 'amendment':
    case 'outcome':
    case 'notice':
    case 'repeat':
    case 'watching':
    case 'forged':
      return '';
    default:
      // @ts-expect-error 'loss' is left over.
      return never(event);
  }
}

export function ofLogEvent(event: LogEvent): string {
  switch (event.kind) {
    case 'record':
      return event.record.text;
    case 'loss':
      return String(event.lost);
    case 'watching':
      return String(event.seq);
    default:
      return never(event);
  }
}

export function ofOomEvent(event: OomEvent): string {
  switch (event.kind) {
    case 'kill':
    case 'amendment':
    case 'outcome':
    case 'notice':
    case 'repeat':
    case 'forged':
      return String(event.seq);
    default:
      return never(event);
  }
}

function ofOutcome({ kind }: Outcome): string {
  switch (kind) {
    case 'no-killable-process':
    case 'panic':
    case 'already-exiting':
    case 'reports-suppressed':
    case 'userspace':
      return kind;
    default:
      return never(kind);
  }
}

function ofNotice({ kind }: Notice): string {
  switch (kind) {
    case 'report-without-kill':
    case 'announced-without-kill':
    case 'reaped-without-kill':
      return kind;
    default:
      return never(kind);
  }
}

export function ofMissing(missing: Missing): string {
  switch (missing) {
    case 'withheld':
    case 'lost':
    case 'cut':
    case 'kill-line':
      return missing;
    default:
      return never(missing);
  }
}

export function ofScope(scope: Scope): string {
  switch (scope) {
    case 'container':
    case 'pod':
    case 'qos':
    case 'kubepods':
    case 'service':
    case 'slice':
    case 'cgroup':
    case 'node':
      return scope;
    default:
      return never(scope);
  }
}

export function ofWarning({ code }: KmsgWarning): string {
  switch (code) {
    case 'OOMWATCHER_LOGGER':
    case 'OOMWATCHER_PORTABLE':
      return code;
    default:
      return never(code);
  }
}

export function ofError(error: unknown): string {
  if (error instanceof InputError) return error.code satisfies 'ERR_LOG_INPUT';
  if (!(error instanceof KmsgError)) return '';
  switch (error.code) {
    case 'ERR_INVALID_ARG_VALUE':
    case 'ERR_NO_ADDON':
    case 'ERR_NO_CAPTURE':
    case 'ERR_NOT_KMSG':
    case 'ERR_NOT_LINUX':
    case 'ERR_UNKNOWN':
    case 'ERR_WATCHER_IN_USE':
      return error.remedy;
    case 'EACCES':
    case 'EAGAIN':
    case 'EBADF':
    case 'EBUSY':
    case 'EFAULT':
    case 'EINTR':
    case 'EINVAL':
    case 'EIO':
    case 'EISDIR':
    case 'ELOOP':
    case 'EMFILE':
    case 'ENAMETOOLONG':
    case 'ENFILE':
    case 'ENODATA':
    case 'ENODEV':
    case 'ENOENT':
    case 'ENOMEM':
    case 'ENOTDIR':
    case 'ENXIO':
    case 'EOVERFLOW':
    case 'EPERM':
    case 'EPIPE':
    case 'ESTALE':
    case 'ETIMEDOUT':
      return `${error.errno} ${error.syscall} ${error.path}`;
    default:
      return never(error.code);
  }
}

export function withoutEperm(error: KmsgError): string {
  const { code } = error;
  if (code === 'EPERM') return '';
  // @ts-expect-error Every other code is left over.
  return never(code);
}
