import assert from 'node:assert/strict';
import type { InterimResponse } from '../../src/core/ends';
import { UpstreamError } from '../../src/errors';
import { HttpHeaders } from '../../src/http/headers';
import { ArrivingResponse } from '../../src/transport/arriving-response';
import { contentOf } from '../support/raw-origin';

describe('a response that arrives', () => {
  const informed: InterimResponse[] = [];
  const said: string[] = [];
  beforeEach(() => void (informed.splice(0), said.splice(0)));

  const arriving = (upstreamResponse = 1_000) =>
    new ArrivingResponse({
      limits: { upstreamResponse },
      now: () => 7,
      inform: (interim) => void informed.push(interim),
    });
  const source = {
    pause: () => {},
    resume: () => {},
    leave: (sentence: string) => void said.push(sentence),
    silent: (sentence: string) => void said.push(sentence),
  };
  const head = { status: 200, reason: 'Fine', headers: new HttpHeaders({ 'Content-Length': '4' }) };

  it('is there with its head, and whole at its end', async () => {
    const one = arriving();
    assert.deepEqual([one.isBegun, one.progress.begun], [false, false]);
    one.begin({ ...head, httpVersion: '2.0' }, source);
    const response = await one.response;
    one.push(Buffer.from('fo'));
    assert.deepEqual(one.progress, { begun: true, received: 2, expected: 4 });
    assert.deepEqual([one.isBegun, one.isWhole, response.endedAt], [true, false, undefined]);
    one.push(Buffer.from('ur'));
    one.end();
    assert.deepEqual([one.isWhole, response.startedAt, response.endedAt], [true, 7, 7]);
    assert.deepEqual([response.reason, response.httpVersion], ['Fine', '2.0']);
    assert.equal(await contentOf(response), 'four');
  });

  it('has no body when none is to follow', async () => {
    const one = arriving();
    one.begin({ ...head, status: 101 });
    assert.equal((await one.response).body.length, 0);
  });

  it('fails before its head, and breaks its body off after it', async () => {
    const error = new UpstreamError('a:1 is gone');
    const [early, late] = [arriving(), arriving()];
    early.fail(error);
    await assert.rejects(early.response, error);
    const response = late.begin(head, source);
    late.push(Buffer.from('fo'));
    late.fail(error);
    await assert.rejects(contentOf(response), error);
  });

  it('says that nobody reads on, or that nothing comes', async () => {
    arriving().begin(head, source).body.cancel();
    const silent = arriving(5);
    const read = contentOf(silent.begin(head, source));
    while (said.length < 2) await new Promise((resolve) => setTimeout(resolve, 2));
    assert.equal(said[0], 'was left before the end of its response');
    assert.match(said[1]!, /^sent nothing for 0\.005 s .*0 of 4/);
    silent.fail(new UpstreamError('enough'));
    await assert.rejects(read);
  });

  it('passes interim responses on without a length, 100 not at all, and a hundred at the most', () => {
    const one = arriving();
    assert.equal(one.inform(100, new HttpHeaders()), undefined);
    assert.equal(one.inform(103, new HttpHeaders({ Link: '</a>', 'Content-Length': '3' })), undefined);
    assert.deepEqual(
      informed.map(({ status, headers }) => [status, headers.toRaw()]),
      [[103, ['Link', '</a>']]],
    );
    assert.ok(one.isBegun);
    for (let count = 2; count < 100; count += 1) one.inform(103, new HttpHeaders());
    assert.equal(one.inform(103, new HttpHeaders()), 'sent more than 100 interim responses');
    assert.equal(informed.length, 99);
  });
});
