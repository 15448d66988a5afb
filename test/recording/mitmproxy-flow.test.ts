import assert from 'node:assert/strict';
import { openMitmproxy } from '../../src/recording/mitmproxy-reader';
import type { Recording } from '../../src/recording/recording';
import { bytes, record, TestFolder } from '../support/dumps';

describe('a record of a dump', () => {
  const folder = new TestFolder();
  after(() => folder.remove());

  async function open(...records: Buffer[]): Promise<Recording> {
    const recording = await openMitmproxy(folder.file('a.mitm', Buffer.concat(records)));
    recording.close();
    return recording;
  }

  it('without a response says why', async () => {
    const [flow] = (
      await open(record({ response: null, error: { msg: 'Connection killed.', timestamp: 1 } }))
    ).flows;
    assert.equal(flow!.response, undefined);
    assert.equal(flow!.error, 'Connection killed.');
    assert.equal(flow!.incomplete, undefined);
  });

  it('with a response and an error broke off', async () => {
    const [flow] = (await open(record({ error: { msg: 'reset', timestamp: 1 } }))).flows;
    assert.equal(flow!.response!.status, 200);
    assert.deepEqual([flow!.error, flow!.incomplete], ['reset', true]);
  });

  it('whose content was not kept says so, an empty one does not', async () => {
    const [none, empty] = (
      await open(record({}, { content: null }, { content: null }), record({}, { content: bytes('') }))
    ).flows;
    assert.deepEqual(none!.unstored, { request: true, response: true });
    assert.equal(empty!.unstored, undefined);
    assert.equal(empty!.request.body.length, 0);
  });

  it('cannot be changed', async () => {
    const [flow] = (await open(record())).flows;
    assert.throws(() => Object.assign(flow!, { error: 'x' }), TypeError);
    assert.throws(() => Object.assign(flow!.response!, { status: 500 }), TypeError);
    assert.throws(() => flow!.response!.headers.set('a', 'b'), TypeError);
  });

  it('that is no HTTP exchange is skipped and counted', async () => {
    const connect = record({}, { method: bytes('CONNECT'), scheme: bytes('') });
    const { flows, warnings } = await open(
      record(),
      record({ type: 'tcp' }),
      record({ type: 'dns' }),
      connect,
      record({ type: 'tcp' }),
    );
    assert.equal(flows.length, 1);
    assert.match(warnings.join(), /skipped what is no HTTP exchange: 2 tcp, 1 dns, 1 CONNECT$/);
  });

  it('holds the messages of its WebSocket', async () => {
    const messages = [
      [1, true, bytes('hi'), 1.5, false, false],
      [2, false, bytes('\x00'), 2.5, false, false],
    ];
    const [flow] = (await open(record({ websocket: { messages } }))).flows;
    assert.deepEqual(flow!.webSocket, [
      { from: 'client', time: 1500, opcode: 1, data: bytes('hi') },
      { from: 'server', time: 2500, opcode: 2, data: bytes('\x00') },
    ]);
    const bad = await open(record(), record({ websocket: { messages: [['x']] } }));
    assert.match(bad.warnings.join(), /flow 2 was skipped: websocket\.messages/);
  });

  it('is not cut short when its WebSocket closed with an unusual code, which is an error there', async () => {
    const websocket = { messages: [], closed_by_client: false, close_code: 4000, close_reason: 'no' };
    const [flow] = (await open(record({ websocket, error: { msg: 'WebSocket Error: 4000', timestamp: 1 } })))
      .flows;
    assert.deepEqual([flow!.webSocketClose?.code, flow!.incomplete], [4000, undefined]);
  });

  it('before version 12 gets them from the record behind it', async () => {
    const shake = record({ version: 7, id: 'one', metadata: { websocket: true } });
    const lonely = record({ version: 7, id: 'two', metadata: { websocket: true } });
    const socket = (of: string): Buffer =>
      record({
        version: 7,
        type: 'websocket',
        metadata: { websocket_handshake: of },
        messages: [[1, true, 'hé', 3, false]],
      });
    const { flows, warnings } = await open(shake, lonely, socket('one'), socket('none'));
    assert.deepEqual(flows[0]!.webSocket, [
      { from: 'client', time: 3000, opcode: 1, data: Buffer.from('hé') },
    ]);
    assert.deepEqual(flows[1]!.webSocket, []);
    assert.equal(flows.length, 2);
    assert.match(warnings.join(), /without a handshake of their own: 1/);
  });
});
