import assert from 'node:assert/strict';
import matchGraphql from '../../examples/match-graphql';
import { type Exchange, replaying } from '../support/examples';

function operation(operationName: string, variables: object, query: string): Exchange {
  const body = JSON.stringify({ query, operationName, variables });
  return {
    url: 'http://shop.example/graphql',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  };
}

describe('example: match GraphQL by operation and variables', () => {
  it('tells operations and variables apart, not texts', async () => {
    const { ask } = await replaying(matchGraphql, [
      { ...operation('Cart', { id: 1 }, 'query Cart { a }'), answer: { body: 'cart 1' } },
      { ...operation('Cart', { id: 2 }, 'query Cart { a }'), answer: { body: 'cart 2' } },
      { ...operation('User', { id: 1 }, 'query User { b }'), answer: { body: 'user 1' } },
    ]);
    const text = async (exchange: Exchange) => (await ask(exchange)).client.response?.body.text();
    assert.equal(await text(operation('Cart', { id: 2 }, 'query Cart { a more }')), 'cart 2');
    assert.equal(await text(operation('User', { id: 1 }, 'query User { other }')), 'user 1');
    assert.equal((await ask(operation('Cart', { id: 3 }, 'query Cart { a }'))).flow.outcome, 'killed');
    assert.equal(await text(operation('Cart', { id: 1 }, 'query Cart { a }')), 'cart 1');
  });
});
