/** The object without its undefined properties: what is not known is absent from a record, not null or empty. */
export function defined<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  for (const key in fields) if (fields[key] === undefined) delete fields[key];
  return fields as T;
}
