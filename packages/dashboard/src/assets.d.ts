/** The files of the page by their paths, as scripts/assets.ts builds them into dist/assets.js. */
export const assets: Readonly<Record<string, { type: string; body: string }>>;
