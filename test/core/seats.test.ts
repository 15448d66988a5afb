import assert from 'node:assert/strict';
import type { Addon } from '../../src/core/addon';
import { Seats } from '../../src/core/seats';

describe('Seats', () => {
  it('applies in order; the same name takes the seat and gets what it replaced', () => {
    const order: string[] = [];
    const seats = new Seats<object>();
    const builtIn: Addon<object> = { name: 'A', apply: () => void order.push('built-in A') };
    const mine: Addon<object> = {
      name: 'A',
      apply: (proxy, replaced) => {
        order.push(`mine, replacing ${replaced === builtIn}`);
        replaced?.apply(proxy);
      },
    };
    seats.use([builtIn, { name: 'B', apply: () => void order.push('B') }, mine]);
    seats.apply({});
    assert.deepEqual(order, ['mine, replacing true', 'built-in A', 'B']);
    assert.deepEqual(
      seats.addons.map(({ name }) => name),
      ['A', 'B'],
    );
  });

  it('knows whose apply is running, and takes nobody in afterwards', () => {
    const seats = new Seats<object>();
    let seen: string | undefined;
    seats.use({ name: 'A', apply: () => void (seen = seats.applying) });
    seats.apply({});
    assert.equal(seen, 'A');
    assert.equal(seats.applying, undefined);
    assert.throws(() => seats.use({ name: 'B', apply() {} }), /addon B comes too late/);
  });

  it('names the addon that cannot be applied', () => {
    const seats = new Seats<object>();
    seats.use({
      name: 'A',
      apply() {
        throw new Error('no such file');
      },
    });
    assert.throws(() => seats.apply({}), /^ConfigError: addon A: apply\(\) threw: no such file$/);
  });

  it('lets no two functions share a seat', () => {
    const seats = new Seats<object>();
    const order: string[] = [];
    seats.use(() => void order.push('one'));
    seats.use(() => void order.push('two'));
    seats.apply({});
    assert.deepEqual(order, ['one', 'two']);
  });

  it('applies two changes that were not waited for, one after the other', async () => {
    let values = { size: 1, colour: 'red' };
    const seats = new Seats<object>();
    seats.use({
      name: 'A',
      apply() {},
      options: {
        get values() {
          return values;
        },
        schema: { parse: (given) => given },
      },
      configure: async (next: typeof values) => {
        await new Promise(setImmediate);
        values = next;
      },
    });
    await Promise.all([seats.configure('A', { size: 2 }), seats.configure('A', { colour: 'blue' })]);
    assert.deepEqual(values, { size: 2, colour: 'blue' });
  });

  it('checks new options whole before it applies them', async () => {
    const seats = new Seats<object>();
    let values = { size: 1, colour: 'red' };
    seats.use({
      name: 'A',
      apply() {},
      options: {
        get values() {
          return values;
        },
        schema: {
          parse: (given) => {
            if (typeof (given as { size: unknown }).size !== 'number')
              throw new TypeError('size is a number');
            return given;
          },
        },
      },
      configure: (next: { size: number; colour: string }) => void (values = next),
    });
    seats.use({ name: 'B', apply() {} });
    await seats.configure('A', { size: 2 });
    assert.deepEqual(values, { size: 2, colour: 'red' });
    await assert.rejects(
      seats.configure('A', { size: 'big', colour: 'blue' }),
      /^ConfigError: addon A: size is a number/,
    );
    assert.deepEqual(values, { size: 2, colour: 'red' });
    await assert.rejects(seats.configure('B', {}), /addon B has no options/);
    await assert.rejects(seats.configure('C', {}), /no addon is named C; there are A, B/);
  });
});
