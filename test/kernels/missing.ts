/** Something that this machine lacks, in one sentence: what needs it is skipped, unless OOMWATCHER_REQUIRE_ALL=1. */
export class Missing extends Error {
  override name = 'Missing';
}

/** Runs `attempt`, and turns its failure into a Missing that begins with `what`. */
export async function orMissing<T>(what: string, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Missing(`${what}: ${stderr?.trim().split('\n', 1)[0] || message}`);
  }
}
