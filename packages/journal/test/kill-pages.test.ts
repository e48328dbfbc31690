import { expect, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { killPages, readJournal } from '../src/index.js';
import { killsOf, openJournal, record } from './support/journals.js';

test('a journal of many pages is read whole, or its newest kills, and always oldest first', async () => {
  const folder = temporaryFolder();
  record(openJournal(folder), killsOf(1, 1201));
  const read = (limit?: number) =>
    readJournal(folder, async (db, path) =>
      [...killPages(db, path, { ...(limit !== undefined && { limit }) })]
        .flat()
        .map(({ kill }) => kill.seq),
    );
  const all = Array.from({ length: 1201 }, (_, index) => index + 1);
  expect(await read()).toEqual(all);
  expect(await read(700)).toEqual(all.slice(-700));
  expect(await read(5000)).toEqual(all);
});
