import type { PortableIo } from '../../src/index.js';

/** A record to be read, the code of a failure, or a number of microseconds that pass. */
export type Answer = string | { fails: string } | { waitsUs: number };

/**
 * The system calls of a portable source with scripted answers; after the last one the log is empty. `news`: what has come
 * since the opening, asked of the descriptor that was sought to the end; without it none can be.
 */
export function scriptedIo(
  answers: Answer[],
  files: Record<string, string | number> = {},
  news?: () => Answer | undefined,
) {
  const state = {
    opened: 0,
    looks: 0,
    closed: 0,
    reads: 0,
    nowUs: 1_000_000,
    filesRead: [] as string[],
  };
  const folders: string[] = [];
  let sought: number | undefined;
  const io: PortableIo = {
    open: () => 100 + state.opened++,
    isKmsg: () => true,
    close: () => {
      state.closed++;
    },
    ...(news !== undefined && {
      seekEnd(fd: number) {
        sought = fd;
        return true;
      },
    }),
    read(fd, target, offset, length) {
      if (fd === sought) state.looks++;
      else state.reads++;
      let answer = fd === sought ? news?.() : answers.shift();
      while (answer !== undefined && typeof answer !== 'string' && 'waitsUs' in answer) {
        state.nowUs += answer.waitsUs;
        answer = answers.shift();
      }
      if (typeof answer === 'string') {
        const bytes = Buffer.from(answer, 'latin1');
        if (bytes.length > length) throw new Error('the record does not fit');
        return bytes.copy(target, offset);
      }
      throw systemError(answer?.fails ?? 'EAGAIN');
    },
    openFolder(path) {
      folders.push(path);
      return files[path] === -2 ? -2 : folders.length - 1;
    },
    readFile(folder, name, target) {
      const path = `${folders[folder]}/${name}`;
      state.filesRead.push(path);
      const content = files[path] ?? -2;
      return typeof content === 'number' ? content : Buffer.from(content, 'latin1').copy(target);
    },
    monotonicUs: () => state.nowUs,
    realtimeUs: () => 1_700_000_000_000_000 + state.nowUs,
  };
  return { io, state };
}

export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code, errno: -5, syscall: 'read' });
}
