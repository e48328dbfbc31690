/** The files of the page by their paths, packed and in base64, as scripts/assets.ts builds them into dist/assets.js. */
export const assets: Readonly<Record<string, { type: string; gzip: string }>>;
