/** A terminal that nobody has told its size (a serial console, script(1)) says 0. */
export function terminalSize(): { columns: number; rows: number } {
  const { columns, rows } = process.stdout;
  return { columns: columns || 80, rows: rows || 24 };
}

/** The cells of a line; undefined: it goes to a file or a pipe, where nothing is cut. */
export function outputWidth(): number | undefined {
  return process.stdout.isTTY ? terminalSize().columns : undefined;
}
