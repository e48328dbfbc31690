/** @deprecated The formats are in `@oomwatcher/logs`. */
export * from '@oomwatcher/logs';
