import type { KmsgError } from '@oomwatcher/kmsg';
import { ExitCode } from './exit-codes.js';

/** The end of a command that is nobody's defect: one sentence for people, which ends with the remedy, and the exit code. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly exitCode: number;
  readonly code: 'ERR_REFUSED' | 'ERR_NOT_ALLOWED';

  constructor(sentence: string, exitCode: number = ExitCode.failure) {
    super(sentence);
    this.exitCode = exitCode;
    this.code = exitCode === ExitCode.notAllowed ? 'ERR_NOT_ALLOWED' : 'ERR_REFUSED';
  }
}

/** This node does not allow it. */
export function notAllowed(sentence: string): Refusal {
  return new Refusal(sentence, ExitCode.notAllowed);
}

/** Whether it is the node that does not allow something. */
export function isNotAllowed(error: unknown): error is KmsgError | Refusal {
  // By its name: to import the class would load the addon's loader for every command.
  if (error instanceof Error && error.name === 'KmsgError') return (error as KmsgError).notAllowed;
  return error instanceof Refusal && error.exitCode === ExitCode.notAllowed;
}
