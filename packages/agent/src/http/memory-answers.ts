import type { AgentState } from '../runtime/agent-state.js';
import { killsToday } from '../runtime/kills-today.js';
import { memoryAnswer } from '../runtime/memory-source.js';
import { type Answer, json, problem } from './answer.js';

const maxCgroups = 1000;

/** `GET /api/v1/memory?share=0.8&limit=100`: the cgroups that use at least so much of their limit, the fullest first. */
export class MemoryAnswers {
  readonly #state: AgentState;
  /** Counted again when there is a kill more, or another day: pages ask every few seconds. */
  #kills: { of: string; counts: ReadonlyMap<string, number> } | undefined;

  constructor(state: AgentState) {
    this.#state = state;
  }

  answer(parameters: URLSearchParams): Answer {
    const question = { share: 0.8, limit: 100 };
    for (const [name, value] of parameters) {
      if (name !== 'share' && name !== 'limit') {
        return problem(400, `there is no parameter ${name}: use share, limit`);
      }
      const number = Number(value);
      if (!/^\d{1,4}(\.\d{1,6})?$/.test(value)) return problem(400, `${name} must be a number`);
      question[name] = number;
    }
    const max = Math.min(Math.max(1, Math.floor(question.limit)), maxCgroups);
    const opening = this.#state.runUps() ?? { reason: 'the agent was started with --run-up off' };
    return json(memoryAnswer(opening, { share: question.share, max }, this.#killsToday()));
  }

  #killsToday(): ReadonlyMap<string, number> {
    const { journal } = this.#state;
    const of = `${journal.rows()?.newest} ${new Date().toDateString()}`;
    if (this.#kills?.of !== of) this.#kills = { of, counts: journal.store.read(killsToday) };
    return this.#kills.counts;
  }
}
