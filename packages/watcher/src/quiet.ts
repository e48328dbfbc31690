/** Whether no row comes for so long, or until there is other news. */
export async function isQuiet(
  next: Promise<unknown>,
  milliseconds: number | undefined,
  news: Promise<void> | undefined,
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const events = [next.then(() => false)];
  if (milliseconds !== undefined) {
    const timeout = new Promise<true>((resolve) => {
      timer = setTimeout(resolve, milliseconds, true);
    });
    events.push(timeout);
  }
  if (news !== undefined) events.push(news.then(() => true));
  try {
    return await Promise.race(events);
  } finally {
    clearTimeout(timer);
  }
}
