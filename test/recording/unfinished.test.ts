import assert from 'node:assert/strict';
import { openHarWriter } from '../../src/recording/har-writer';
import { isUnfinished } from '../../src/recording/unfinished';
import { entry } from '../support/replay';
import { scratch } from './har-samples';
import { writeFileSync } from 'node:fs';

describe('isUnfinished', () => {
  const at = scratch();

  it('is true until the recorder has closed its file', () => {
    const writer = openHarWriter(at('a.har'), { append: false });
    writer.append(entry('http://h/', ''));
    assert.equal(isUnfinished(at('a.har')), true);
    writer.close();
    assert.equal(isUnfinished(at('a.har')), false);
  });

  it('is not known of others, and an error for what cannot be read', () => {
    writeFileSync(at('b.har'), '{"log":{"entries":[]}}');
    assert.equal(isUnfinished(at('b.har')), false);
    assert.throws(() => isUnfinished(at('none.har')), { code: 'ERR_RECORDING' });
  });
});
