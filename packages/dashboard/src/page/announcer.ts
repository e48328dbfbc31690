import type { JournalledKill } from '@oomwatcher/journal';
import { byId, setText } from './dom.js';

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
    const name = victim?.name ?? 'a process';
    const text =
      this.#unannounced.length === 1
        ? `OOM kill: ${name}, process ${victim?.pid ?? 'unknown'}`
        : `${this.#unannounced.length} OOM kills, ${name} among them`;
    setText(byId('announcer'), text);
    this.#unannounced = [];
    setTimeout(() => {
      this.#isSpeaking = false;
      if (this.#unannounced.length > 0) this.announce([]);
    }, announceMs);
  }
}
