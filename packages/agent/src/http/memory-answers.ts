import type { AgentState } from '../runtime/agent-state.js';
import { countedToday, killsToday } from '../runtime/kills-today.js';
import { memoryAnswer } from '../runtime/memory-source.js';
import { type Answer, json, problem } from './answer.js';

const maxCgroups = 1000;

/** `GET /api/v1/memory?share=0.8&limit=100`: the cgroups that use at least so much of their limit, the fullest first. */
export class MemoryAnswers {
  readonly #state: AgentState;
  readonly #killsToday: () => ReadonlyMap<string, number>;

  constructor(state: AgentState) {
    this.#state = state;
    this.#killsToday = countedToday(() => state.journal.store.read(killsToday));
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
    const { ownerOf } = this.#state;
    const asked = { share: question.share, max };
    return json(memoryAnswer(opening, asked, ownerOf, this.#killsToday()));
  }
}
