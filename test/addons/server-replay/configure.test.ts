import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { ServerReplay } from 'replay-proxy';
import { fakeProxy } from '../../support/addons';
import { entry, replaying, requestOf } from '../../support/replay';

const URL = 'http://shop.example/';
const SHOP = resolve(__dirname, '../../../examples/recordings/shop.har');

describe('ServerReplay.configure', () => {
  it('matches anew, and goes on with the entries that are not used', async () => {
    const flows = ['a', 'b', 'c'].map((text, i) => entry(`${URL}?v=${i < 2 ? 1 : 2}`, text));
    const { ask, addon } = await replaying(flows);
    assert.equal(await ask(`${URL}?v=1`), 'a');
    assert.equal(await ask(`${URL}?v=3`), 'live');
    await addon.configure({ ...addon.options.values, ignore: ['query.v'] });
    assert.equal(await ask(`${URL}?v=3`), 'b');
    assert.equal(await ask(`${URL}?v=3`), 'c');
    assert.equal(await ask(`${URL}?v=3`), 'live');
    assert.deepEqual(addon.options.values.ignore, ['query.v']);
  });

  it('goes on where another policy of reuse left off', async () => {
    const flows = ['a', 'b'].map((text) => entry(URL, text));
    const { ask, addon } = await replaying(flows);
    assert.equal(await ask(URL), 'a');
    await addon.configure({ ...addon.options.values, reuse: 'cycle' });
    assert.deepEqual([await ask(URL), await ask(URL), await ask(URL)], ['b', 'a', 'b']);
    await addon.configure({ ...addon.options.values, reuse: 'never' });
    assert.equal(await ask(URL), 'live');
  });

  it('takes recordings in and out; those that stay keep what is used', async () => {
    const [one, two] = [[entry(URL, 'a'), entry(URL, 'b')], [entry('http://new.example/', 'n')]];
    const { ask, addon, proxy } = await replaying(one);
    assert.equal(await ask(URL), 'a');
    await addon.configure({ ...addon.options.values, from: [two, one] });
    assert.deepEqual([addon.entries.length, addon.remaining], [3, 2]);
    assert.deepEqual([...proxy.origins], ['http://new.example', 'http://shop.example']);
    assert.equal(await ask(URL), 'b');
    await addon.configure({ ...addon.options.values, from: [two] });
    assert.deepEqual([...proxy.origins], ['http://new.example']);
    assert.equal(await ask('http://new.example/'), 'n');
  });

  it('changes nothing when a value is wrong or a recording is missing', async () => {
    const { ask, addon } = await replaying([entry(URL, 'a')]);
    const { values } = addon.options;
    await assert.rejects(addon.configure({ ...values, ignore: [''] }), { code: 'ERR_CONFIG' });
    await assert.rejects(addon.configure({ ...values, from: ['/no/such/file.har'] }), {
      code: 'ERR_RECORDING',
    });
    assert.equal(addon.options.values, values);
    assert.equal(await ask(URL), 'a');
  });

  it('refuses a name that no facet can have, unless an identify tap may make it', async () => {
    const message = 'ignored name "foo.bar" is no facet; names begin with';
    const startsWith = (error: Error) => error.message.includes(message);
    await assert.rejects(replaying([], { ignore: ['foo.bar'] }), startsWith);
    const { addon, hooksOfReplay, ask } = await replaying([entry(URL, 'a')]);
    const values = { ...addon.options.values, ignore: ['foo.bar'] };
    await assert.rejects(addon.configure(values), startsWith);
    hooksOfReplay.identify.tap('Foo', (facets, { headers }) => [
      ...facets,
      ['foo.bar', headers.get('foo') ?? ''],
    ]);
    await addon.configure(values);
    assert.equal(await ask(requestOf(URL, { foo: '1' })), 'a');
  });

  it('does not mind such names among what recordings took out', async () => {
    const { ask } = await replaying([entry(URL, 'a', { redacted: ['foo.bar'] })]);
    assert.equal(await ask(URL), 'a');
  });

  it('takes one change after the other', async () => {
    const { ask, addon } = await replaying([]);
    const { values } = addon.options;
    const from = (text: string) => addon.configure({ ...values, from: [[entry(URL, text)]] });
    await Promise.all([from('a'), from('b')]);
    assert.equal(await ask(URL), 'b');
  });

  it('waits for the recordings of the start', async () => {
    const addon = new ServerReplay({ from: [SHOP] });
    const { hooks, run } = fakeProxy([addon]);
    const started = hooks.start.promise();
    await addon.configure({ ...addon.options.values, from: [[entry('http://new.example/', 'n')]] });
    await started;
    assert.equal((await run('http://new.example/')).flow.outcome, 'replayed');
    await hooks.stop.promise();
  });

  it('keeps entries used that are taken out and put back', async () => {
    const { addon, run, hooks } = await replaying([], { from: [SHOP] });
    const { values } = addon.options;
    await run(addon.entries[0]!.request.clone());
    const { remaining } = addon;
    assert.ok(remaining < addon.entries.length);
    await addon.configure({ ...values, from: [] });
    await addon.configure(values);
    assert.equal(addon.remaining, remaining);
    await hooks.stop.promise();
  });

  it('before the start opens nothing yet', async () => {
    const addon = new ServerReplay({ from: ['/no/such/file.har'] });
    const { hooks, run } = fakeProxy([addon]);
    await addon.configure({ ...addon.options.values, from: [[entry(URL, 'a')]] });
    assert.equal(addon.entries.length, 0);
    await hooks.start.promise();
    assert.equal((await run(URL)).flow.outcome, 'replayed');
  });
});
