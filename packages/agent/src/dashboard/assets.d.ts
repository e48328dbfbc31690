/** The files of the page by their paths, as scripts/dashboard.ts builds them into dist/dashboard/assets.js. */
export const assets: Readonly<Record<string, { type: string; body: string }>>;
