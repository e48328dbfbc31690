import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { captureName, type Kill, killId } from '@oomwatcher/oom';

const digestCharacters = 16;

/**
 * What stands for the boot id in the ids of a captured log's kills, which the watcher gives as `capture:<seq>`: so many
 * kills of so many captures cannot share one journal. It is made of the file's content, so that the same capture
 * replayed is recorded once, under whatever name it lies. What is no file can be read only once and gets a name of its
 * own each time.
 */
export async function contentName(path: string): Promise<string> {
  const status = await stat(path).catch(() => undefined);
  // What cannot be opened fails where it is read, with its sentence.
  if (!status?.isFile()) return `capture-${randomBytes(digestCharacters / 2).toString('hex')}`;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return `capture-${hash.digest('hex').slice(0, digestCharacters)}`;
}

/**
 * Gives the kills of one capture, in their order, ids for ever. A number that does not rise begins another boot in the
 * same capture, whose numbers are its own.
 */
export class CaptureIds {
  readonly #name: string;
  #part = 1;
  #lastSeq = -1;

  constructor(name: string) {
    this.#name = name;
  }

  rename(kill: Kill): Kill {
    const { seq, group } = kill;
    if (seq === undefined) return kill;
    if (seq <= this.#lastSeq) this.#part++;
    this.#lastSeq = seq;
    const name = captureName(this.#name, this.#part);
    const id = killId(name, seq);
    if (group === undefined) return { ...kill, id };
    const first = group.id.slice(group.id.lastIndexOf(':') + 1);
    return { ...kill, id, group: { ...group, id: killId(name, first) } };
  }
}
