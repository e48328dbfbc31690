import { expect } from 'vitest';
import { builtAddon, needs } from '../../test/support/needs.ts';

const { it } = needs(builtAddon);
const load = () => import('../index.js');

it('names what is wrong with the options', async () => {
  const { OomWitness } = await load();
  for (const [bad, error] of [
    [undefined, new TypeError('options must be an object')],
    [{ pins: 1 }, new TypeError('options.pins must be a string')],
    [{ pins: '/a\0b' }, new TypeError('options.pins must be a path')],
  ] as const) {
    expect(() => new OomWitness(bad as never, () => {})).toThrow(error);
  }
  for (const ringBytes of [0, -1, 4097, 1.5, '4096', 2 ** 40, Number.NaN]) {
    expect(() => new OomWitness({ ringBytes } as never, () => {})).toThrow(RangeError);
  }
  expect(() => new OomWitness({}, undefined as never)).toThrow(
    new TypeError('onWake must be a function'),
  );
  expect(() => OomWitness.remove(undefined as never)).toThrow(TypeError);
});

it('there is nothing to remove where nothing was pinned', async () => {
  const { OomWitness } = await load();
  OomWitness.remove('/nonexistent/pins');
});
