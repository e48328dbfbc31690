/**
 * What one check found: `ok`: it is there; `warning`: the agent works and can do less; `missing`: it cannot work.
 * `message` says what is so and what that means; `remedy` ends the sentence with what to do.
 */
export interface Finding {
  check: string;
  status: 'ok' | 'warning' | 'missing';
  message: string;
  remedy?: string;
}

export type Check = () => Finding | Promise<Finding>;

export function ok(check: string, message: string): Finding {
  return { check, status: 'ok', message };
}

export function warning(check: string, message: string, remedy: string): Finding {
  return { check, status: 'warning', message, remedy };
}

export function missing(check: string, message: string, remedy: string): Finding {
  return { check, status: 'missing', message, remedy };
}
