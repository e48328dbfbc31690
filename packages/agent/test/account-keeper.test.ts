import type { Watcher } from '@oomwatcher/watcher';
import { expect, test } from 'vitest';
import { killsOf, openJournal } from '../../journal/test/support/journals.js';
import { AccountKeeper } from '../src/runtime/account-keeper.js';

const bootId = 'b';
const cursor = { bootId, seq: 9n };

/** A node whose kernel has counted `kernelKills`, and a watch that knows of `unaccounted` that it missed itself. */
function node(kernelKills: number, journal = openJournal()) {
  const state = { kernelKills, unaccounted: 0 };
  const watcher = {
    cursor,
    stats: () => ({ account: { kernelKills: 0, unaccounted: state.unaccounted } }),
  } as unknown as Watcher;
  const start = () =>
    new AccountKeeper({ watcher, journal, bootId, kernelKills: () => state.kernelKills });
  let nowMs = 0;
  const pass = (keeper: AccountKeeper, seconds: number) => {
    for (let i = 0; i < seconds; i++) {
      nowMs += 1000;
      keeper.check(nowMs);
    }
  };
  const reported = (kills: number, first = 1) =>
    journal.append({ kills: killsOf(first, kills), cursor, tallies: {} });
  return { state, journal, start, pass, reported, boot: () => journal.boot(bootId) };
}

test('what was counted before the first watch is found once, and not while the kernel kills', () => {
  const { state, start, pass, reported, boot } = node(5);
  reported(2);
  const keeper = start();
  for (let i = 0; i < 5; i++) {
    reported(1, 10 + i);
    state.kernelKills++;
    pass(keeper, 1);
  }
  expect(boot()).not.toHaveProperty('beforeFirstWatch');
  pass(keeper, 3);
  expect(boot()).toMatchObject({ kills: 7, beforeFirstWatch: 3, whileAway: 0 });
  pass(start(), 10);
  expect(boot(), 'a restart finds nothing new').toMatchObject({
    beforeFirstWatch: 3,
    whileAway: 0,
    unaccounted: 0,
  });
});

test('kills that the log lost while no agent ran are not the watch’s own fault, nor reported before', () => {
  const { state, start, pass, reported, boot } = node(5);
  reported(5);
  pass(start(), 4);
  expect(boot()).toMatchObject({ beforeFirstWatch: 0, whileAway: 0 });
  state.kernelKills = 12;
  reported(4, 10);
  pass(start(), 4);
  expect(boot()).toMatchObject({ kills: 9, whileAway: 3, unaccounted: 0 });
});

test('what the running watch missed itself stays unaccounted, also after a restart', () => {
  const { state, start, pass, reported, boot } = node(5);
  reported(5);
  const keeper = start();
  pass(keeper, 4);
  state.kernelKills = 7;
  state.unaccounted = 2;
  pass(keeper, 10);
  expect(boot()).toMatchObject({ whileAway: 0, unaccounted: 2 });
  state.unaccounted = 0;
  pass(start(), 10);
  expect(boot(), 'never corrected').toMatchObject({ whileAway: 0, unaccounted: 2 });
});

test('a kill that the watch is about to report is not taken for one of before', () => {
  const { state, start, pass, reported, boot } = node(5);
  reported(5);
  pass(start(), 4);
  state.kernelKills = 6;
  state.unaccounted = 1;
  const keeper = start();
  pass(keeper, 4);
  reported(1, 10);
  state.unaccounted = 0;
  pass(keeper, 10);
  expect(boot()).toMatchObject({ kills: 6, whileAway: 0, unaccounted: 0 });
});

test('a kernel that does not count leaves everything as it is', () => {
  const { state, start, pass, reported, boot } = node(0);
  reported(1);
  state.kernelKills = undefined as unknown as number;
  pass(start(), 10);
  expect(boot()).not.toHaveProperty('beforeFirstWatch');
});
