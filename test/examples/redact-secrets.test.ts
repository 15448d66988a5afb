import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Addon, HttpResponse, openRecording, Recorder, ServerReplay } from 'replay-proxy';
import redactSecrets from '../../examples/redact-secrets';
import { addonsOf } from '../../src/core/addon';
import { fakeProxy } from '../support/addons';
import { requestOf } from '../support/examples';

describe('example: redact secrets while recording', () => {
  const folder = mkdtempSync(join(tmpdir(), 'redact-test-'));
  after(() => rmSync(folder, { recursive: true }));

  it('keeps the secret out of the file, in the request, and the entry still matches', async () => {
    const to = join(folder, 'shop.har');
    const secret = {
      url: 'http://shop.example/',
      headers: { authorization: 'Bearer s3cret', cookie: 'id=s3cret' },
    };
    const example = addonsOf(redactSecrets as never, 'redact-secrets.ts') as Addon[];
    const recording = fakeProxy([new Recorder({ to }), ...example], () => {
      return new HttpResponse({ headers: { 'set-cookie': 'id=s3cret; Path=/' } });
    });
    await recording.hooks.start.promise();
    await recording.run(requestOf(secret));
    await recording.hooks.stop.promise();
    assert.equal(recording.sent[0]?.headers.get('authorization'), 'Bearer s3cret');
    assert.equal(readFileSync(to, 'utf8').includes('s3cret'), false);
    assert.deepEqual((await openRecording(to)).flows[0]?.redacted, [
      'header.authorization',
      'header.cookie',
      'response.header.set-cookie',
    ]);

    const replay = fakeProxy([new ServerReplay({ from: [to], headers: ['authorization', 'cookie'] })]);
    await replay.hooks.start.promise();
    assert.equal((await replay.run(requestOf(secret))).flow.outcome, 'replayed');
  });
});
