/** Signals that ask a command to end: it says its summary first. SIGHUP: its terminal was closed. */
export const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
