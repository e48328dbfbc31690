import type { Reporter } from '../output/reporter.js';
import { Agent, type AgentOptions } from '../runtime/agent.js';

export type RunOptions = AgentOptions;

/** `oomwatcher run`: watches, records and delivers, until a signal or the end of the capture. */
export async function runCommand(options: RunOptions, reporter: Reporter): Promise<void> {
  const agent = await Agent.open(options, reporter);
  process.once('SIGINT', agent.stop);
  process.once('SIGTERM', agent.stop);
  process.stdout.once('error', agent.stop);
  await agent.run();
}
