import { expect, test } from 'vitest';
import { openJournal } from '../../../../journal/test/support/journals.js';
import { Health } from '../../../src/runtime/health.js';
import { KillCounts } from '../../../src/sinks/metrics/kill-counts.js';
import { allMetrics } from '../../../src/sinks/metrics/registry.js';
import { agentState } from '../../support/agent-states.js';
import { metricsPage } from '../../support/metrics-page.js';

// `npx vitest run -u` here writes the page anew.
test('docs/metrics.md lists every series, as it is', async () => {
  const state = agentState(openJournal());
  const subject = {
    state,
    counts: new KillCounts(state.journal),
    health: new Health(state),
    streams: () => ({ clients: 0, dropped: 0 }),
  };
  const page = metricsPage(allMetrics(subject, false), allMetrics(subject, true));
  await expect(page).toMatchFileSnapshot('../../../../../docs/metrics.md');
});
