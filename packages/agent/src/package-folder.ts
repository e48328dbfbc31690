/** The agent's package: beside dist/ in a checkout, beside bundle/ where it is installed. */
export const packageFolder = new URL('..', import.meta.url);
