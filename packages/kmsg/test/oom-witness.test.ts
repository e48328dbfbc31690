import { expect } from 'vitest';
import { builtAddon, needs } from '../../../test/support/needs.ts';
import {
  becomeWithOomWitness,
  forgetOomWitness,
  loadOomWitness,
  openOomWitness,
  removeOomWitness,
  storeOomWitness,
} from '../src/index.js';

needs(builtAddon).describe('the witness in the kernel', () => {
  const { it } = needs();

  it('reaches the addon with every option that its callers name', () => {
    // No power of two pages: refused before the kernel is asked for anything.
    expect(() => openOomWitness({ ringBytes: 3 }, () => {})).toThrow(/ringBytes/);
    expect(() => loadOomWitness({ ringBytes: 3 })).toThrow(/ringBytes/);
    expect(() => becomeWithOomWitness(['/no/such/command'], [])).toThrow(/no\/such\/command/);
    expect(() => storeOomWitness('/no/such/socket', [])).toThrow(/socket/);
    expect(() => forgetOomWitness('/no/such/socket', ['ring'])).toThrow(/socket/);
  });

  it('that was never pinned is removed without a word', () => {
    expect(removeOomWitness('/no/such/pins')).toBeUndefined();
  });
});
