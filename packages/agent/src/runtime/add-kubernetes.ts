import { Refusal } from '../refusal.js';
import { version } from '../version.js';
import type { Agent } from './agent.js';

export interface KubernetesFlags {
  kubeconfig?: string;
  nodeName?: string;
  nodeEvents: 'system' | 'all';
  lookbackMs: number;
}

/**
 * Sends the journal's kills to Kubernetes as events. Loaded only where it is asked for: the client library is the
 * heaviest thing in the agent.
 *
 * @throws Refusal when no API server is configured
 */
export async function addKubernetes(agent: Agent, flags: KubernetesFlags): Promise<void> {
  const { connect, ConfigurationError } = await import('@oomwatcher/kubernetes');
  const { journal, reporter } = agent;
  const connected = () => {
    try {
      return connect({
        ...flags,
        version,
        journal,
        report: (sentence) => reporter.notice({ kind: 'kubernetes', sentence }),
      });
    } catch (error) {
      throw error instanceof ConfigurationError ? new Refusal(error.message) : error;
    }
  };
  const { server, node, enrich, newSink } = connected();
  const sink = agent.addSink('kubernetes', newSink);
  agent.enrichWith((kill) => sink.guard(() => enrich(kill), kill));
  const sentence = `events of the node ${node.name} go to the Kubernetes API server ${server}`;
  reporter.notice({ kind: 'kubernetes', sentence });
}
