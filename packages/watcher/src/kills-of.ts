import type { Kill } from '@oomwatcher/oom';
import type { WatchEvent } from './events.js';

export async function* killsOf(
  events: AsyncGenerator<WatchEvent, void, undefined>,
): AsyncGenerator<Kill, void, undefined> {
  for await (const event of events) if (event.kind === 'kill') yield event.kill;
}
