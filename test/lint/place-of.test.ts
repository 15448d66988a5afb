import assert from 'node:assert/strict';
import { placeOf, toldText } from '../../src/lint/place-of';

const HEX = 'd41d8cd98f00b204e9800998ecf8427e';

describe('placeOf', () => {
  it('has a star for the indexes of lists', () => {
    assert.equal(placeOf('response.body.items.12.token'), 'response.body.items.*.token');
    assert.equal(placeOf('body.a\\.1'), 'body.a\\.1');
    assert.equal(placeOf('query.1'), 'query.1');
  });

  it('has a star for what is too long or could be a secret', () => {
    assert.equal(placeOf(`body.${HEX}.at`), 'body.*.at');
    assert.equal(placeOf(`query.ghp_${'a1'.repeat(18)}`), 'query.*');
    assert.equal(placeOf(`body.${'name '.repeat(20)}`), 'body.*');
    assert.equal(placeOf('header.x-amz-security-token'), 'header.x-amz-security-token');
  });
});

describe('toldText', () => {
  it('leaves out what could be a secret', () => {
    assert.equal(toldText(HEX), '…');
    assert.equal(toldText('bot123456789:AAEhBOweik6ad9r_QXMENQjcrbGbqCr4Kc'), '…');
    assert.equal(toldText('how-to-record-and-replay-2'), 'how-to-record-and-replay-2');
  });
});
