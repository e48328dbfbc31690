/** So often a test of chance is tried; `OOMWATCHER_ROUNDS=20 npm test -- FILE` tries longer than CI has time for. */
export const rounds = Number(process.env.OOMWATCHER_ROUNDS ?? 1);

/** For all of them: it ends what hangs, and measures nothing. */
export const roundsTimeoutMs = rounds * 600_000;
