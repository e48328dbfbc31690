import type { Reporter } from '../output/reporter.js';
import { addKubernetes, type KubernetesFlags } from '../runtime/add-kubernetes.js';
import { Agent, type AgentOptions } from '../runtime/agent.js';

export interface RunOptions extends AgentOptions {
  /** Kills become events of this cluster. */
  kubernetes?: KubernetesFlags;
}

/** `oomwatcher run`: watches, records and delivers, until a signal or the end of the capture. */
export async function runCommand(options: RunOptions, reporter: Reporter): Promise<void> {
  const agent = await Agent.open(options, reporter);
  process.once('SIGINT', agent.stop);
  process.once('SIGTERM', agent.stop);
  process.stdout.once('error', agent.stop);
  try {
    if (options.kubernetes !== undefined) await addKubernetes(agent, options.kubernetes);
  } catch (error) {
    agent.stop();
    agent.journal.close();
    throw error;
  }
  await agent.run();
}
