import { expect, test } from 'vitest';
import { noteWitness, readWitnessNote } from '../src/witness-note.js';
import { openJournal } from './support/journals.js';

test('who asks beside the agent learns what the newest one said of its witness in this boot', () => {
  const { store } = openJournal();
  const note = (bootId = 'b') => store.read((db) => readWitnessNote(db, bootId));
  expect(note()).toBeUndefined();
  noteWitness(store, 'b', { live: false, reason: 'not allowed' });
  expect(note()).toEqual({ live: false, reason: 'not allowed' });
  noteWitness(store, 'b', { live: true, reason: 'handed over' });
  noteWitness(store, 'b', { live: true, reason: 'handed over' });
  expect(note()).toEqual({ live: true, reason: 'handed over' });
  expect(note('another boot')).toBeUndefined();
});

test('an agent that asks for no witness leaves no word of the one before', () => {
  const { store } = openJournal();
  noteWitness(store, 'b', { live: true, reason: 'handed over' });
  noteWitness(store, 'b', undefined);
  expect(store.read((db) => readWitnessNote(db, 'b'))).toBeUndefined();
});
