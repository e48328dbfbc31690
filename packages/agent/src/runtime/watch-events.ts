import { KmsgError, type WatchEvent, type Watcher } from '@oomwatcher/watcher';

/** All that happens. Of a capture that is none the summary says it, behind the counts. */
export async function* watchEvents(watcher: Watcher): AsyncGenerator<WatchEvent> {
  try {
    yield* watcher.events();
  } catch (error) {
    const isText =
      error instanceof KmsgError && error.code === 'ERR_NO_CAPTURE' && error.syscall === undefined;
    if (!isText) throw error;
  }
}
