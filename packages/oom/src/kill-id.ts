/** `<boot id or name of the capture>:<number of the record>`: unique for ever where the name is that of one log. */
export function killId(logName: string, number: bigint | number | string): string {
  return `${logName}:${number}`;
}

/** The name in ids of the `part`th log in one capture, from 1 on: another boot, another machine. */
export function captureName(name: string, part: number): string {
  return part === 1 ? name : `${name}-${part}`;
}
