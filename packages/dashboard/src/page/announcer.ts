import type { JournalledKill } from '@oomwatcher/journal';
import { byId, setText } from './dom.js';
import { words } from './language/language.js';

const announceMs = 3000;

/** New kills for a screen reader: a storm is one sentence every few seconds. */
export class Announcer {
  #unannounced: JournalledKill[] = [];
  #isSpeaking = false;

  announce(fresh: readonly JournalledKill[]): void {
    this.#unannounced.push(...fresh);
    if (this.#isSpeaking) return;
    this.#isSpeaking = true;
    const victim = this.#unannounced[0]?.kill.victim;
    const { one, many } = words().announce;
    const { length } = this.#unannounced;
    const text = length === 1 ? one(victim?.name, victim?.pid) : many(length, victim?.name);
    setText(byId('announcer'), text);
    this.#unannounced = [];
    setTimeout(() => {
      this.#isSpeaking = false;
      if (this.#unannounced.length > 0) this.announce([]);
    }, announceMs);
  }
}
