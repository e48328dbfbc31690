/**
 * The object without its undefined properties: what is not known is absent from a record, not null or empty. Copied, for
 * V8 turns an object that loses a property into a dictionary, which took a sixth of all time of a storm.
 */
export function defined<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  const known: Partial<T> = {};
  for (const key in fields) if (fields[key] !== undefined) known[key] = fields[key];
  return known as T;
}
