/** A subject's kills that belong together in time. */
export interface Window {
  /** Of its first kill, milliseconds since the epoch. */
  startMs: number;
  kills: number;
}

/** As many kills of a window get an event of their own. */
export const maxSingleEvents = 10;

/**
 * The window that a subject's next kill belongs to, that kill counted. A kill that is further than `windowMs` from the
 * window's first, before or after (the clock may have been set), begins a new one.
 */
export function nextWindow(window: Window | undefined, timeMs: number, windowMs: number): Window {
  if (window === undefined || Math.abs(timeMs - window.startMs) >= windowMs)
    return { startMs: timeMs, kills: 1 };
  return { startMs: window.startMs, kills: window.kills + 1 };
}

/** Whether the window's newest kill joins the combined event. */
export function isCombined({ kills }: Window): boolean {
  return kills > maxSingleEvents;
}
