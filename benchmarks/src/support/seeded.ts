/** A linear congruential generator (Numerical Recipes), so that every run sees the same content. 28 bits a number. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 4;
  };
}
