/** Whether nothing comes for so long. */
export async function isQuiet(next: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<true>((resolve) => {
    timer = setTimeout(resolve, milliseconds, true);
  });
  try {
    return await Promise.race([next.then(() => false), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
