import { Counter, type Registry } from 'prom-client';
import type { KillCounts } from './kill-counts.js';
import { type FamilyName, families } from './series.js';

/** A counter whose values are those of one family of series. */
export function addKillCounter(
  registry: Registry,
  counts: KillCounts,
  family: FamilyName,
  { name, help, zero }: { name: string; help: string; zero?: readonly string[] },
): void {
  const { labelNames = [] } = families.find((candidate) => candidate.name === family) ?? {};
  new Counter({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      if (zero !== undefined) this.labels(...zero).inc(0);
      for (const { values, kills } of counts.of(family)) this.labels(...values).inc(kills);
    },
  });
}
