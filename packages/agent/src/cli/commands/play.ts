import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WebFlags } from '../../http/add-web.js';
import type { Reporter } from '../../output/reporter.js';
import { ownRecording, readRecording } from '../../recording/recording.js';
import { runCommand } from './run.js';

export interface PlayOptions {
  /** A raw kmsg capture; default: the one that comes with the agent. */
  file?: string | undefined;
  /** Why this node's own kills are not shown: one sentence with the remedy. */
  reason?: string;
  /** undefined: no HTTP. */
  web?: WebFlags | undefined;
  /** Whether it stays when the recording is over, until a signal. */
  stays: boolean;
}

/**
 * Plays a recorded log through the whole agent, at the pace at which it was recorded: lines, page, metrics, and a journal
 * in a temporary folder. Everything that it says names the recording.
 *
 * @throws InputError for the recording
 */
export async function playRecording(
  { file = ownRecording, reason, web, stays }: PlayOptions,
  reporter: Reporter,
): Promise<void> {
  const recording = await readRecording(file);
  const { path, name, origin } = recording;
  const labelled: Reporter = {
    ...reporter,
    notice: (notice) => reporter.notice({ ...notice, recording: origin }),
  };
  labelled.notice({ kind: 'recording', name, ...(reason !== undefined && { reason }) });
  const stateDir = mkdtempSync(join(tmpdir(), 'oomwatcher-recording-'));
  try {
    await runCommand(
      {
        stateDir,
        watch: { capture: path },
        recording: { origin, stays },
        ...(web !== undefined && { web }),
      },
      labelled,
    );
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
}
