// A test of your own code with kills that nobody suffers: without root, on any system.
//
//   node --test own-alert.test.mts
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Kill } from '@oomwatcher/oom';
import { sampleKill, sampleKills, sampleNames } from '@oomwatcher/oom/testing';

// Your code: who is woken for which kill, and what they read.
function alertOf(kill: Kill): { level: 'page' | 'ticket'; text: string } {
  const { scope, victim, pod } = kill;
  const isPage = scope === 'node' || (pod?.qos === 'guaranteed' && victim?.name === 'postgres');
  const name = victim?.name.replace(/[^\w./:-]/g, '?') ?? 'a process';
  return {
    level: isPage ? 'page' : 'ticket',
    text: `${name} was killed, limit of: ${scope ?? '?'}`,
  };
}

test('a node without memory pages, a container in its own limit makes a ticket', () => {
  assert.equal(alertOf(sampleKill('node')).level, 'page');
  assert.equal(alertOf(sampleKill('container')).level, 'ticket');
});

test('the database pages', () => {
  // A kill of a real kernel, with what this test is about put into it.
  const kill = sampleKill('container');
  kill.victim = { pid: 81, name: 'postgres', uid: 999 };
  kill.pod = { uid: '0c2a5f1e-7b34-4d1c-9a53-6e2f8d0b4a17', qos: 'guaranteed' };
  assert.equal(alertOf(kill).level, 'page');
});

test('a kill whose report the kernel withheld has no scope, and makes a ticket all the same', () => {
  const kill = sampleKill('withheld');
  assert.equal(kill.scope, undefined);
  assert.equal(alertOf(kill).level, 'ticket');
});

test('a name that a process chose ends no line of the alert', () => {
  assert.match(alertOf(sampleKill('hostile-name')).text, /^[ -~]+$/);
});

test('processes that are killed together are one incident', () => {
  assert.equal(new Set(sampleKills('group').map(({ group }) => group?.id)).size, 1);
});

test('no kind of kill is too much for it', () => {
  for (const name of sampleNames) assert.ok(alertOf(sampleKill(name)).text, name);
});
