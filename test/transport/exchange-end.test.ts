import assert from 'node:assert/strict';
import { Body } from '../../src/http/body';
import { HttpHeaders, type HeaderPair } from '../../src/http/headers';
import { HttpRequest } from '../../src/http/request';
import { HttpResponse } from '../../src/http/response';
import { ExchangeEnd } from '../../src/transport/exchange-end';
import type { BodyEnd } from '../../src/transport/response-framing';
import { ClientGone, type ResponseSink } from '../../src/transport/response-writer';

/** An end whose client is a list of what it got. */
class ListedEnd extends ExchangeEnd {
  readonly said: string[] = [];
  isHeadSent = false;
  isDeaf = false;

  constructor(request: HttpRequest, expectsContinue = false) {
    const info = { address: '127.0.0.1', port: 1 };
    const limits = { heldBody: 4, requestBody: 1_000 };
    super(request, info, { limits, now: Date.now, expectsContinue, session: 'mine' });
  }

  want(): void {
    this.askForBody();
  }

  kill(): void {
    this.said.push('killed');
  }

  protected frame({ body }: HttpResponse): { end: BodyEnd; sink: ResponseSink } {
    const end: BodyEnd = { kind: 'length', length: body.length ?? 4 };
    const writeHead = () => {
      this.isHeadSent = true;
      this.said.push('head');
    };
    const isGone = () => this.isDeaf;
    const isHeadSent = () => this.isHeadSent;
    const sink: ResponseSink = {
      get isGone() {
        return isGone();
      },
      get isHeadSent() {
        return isHeadSent();
      },
      writeHead,
      writeHeadOnly: writeHead,
      writeWhole: (body) => {
        writeHead();
        return Promise.resolve(void this.said.push(String(body), 'end'));
      },
      write: (chunk) => this.said.push(String(chunk)) > 0,
      drained: () => Promise.resolve(),
      end: () => Promise.resolve(void this.said.push('end')),
    };
    return { end, sink };
  }

  protected sendInterim(status: number, headers: readonly HeaderPair[]): void {
    this.said.push(`${status} ${String(headers)}`);
  }
}

const request = () => HttpRequest.to('http://a.example/');

describe('an end of an exchange', () => {
  it('delivers one response and is over', async () => {
    const end = new ListedEnd(request());
    let heads = 0;
    await end.deliver(new HttpResponse({ body: 'body' }), () => (heads += 1), undefined);
    assert.deepEqual([end.said, heads], [['head', 'body', 'end'], 1]);
    await assert.rejects(async () => end.deliver(new HttpResponse(), () => {}, undefined), ClientGone);
    end.inform({ status: 103, headers: new HttpHeaders() });
    assert.equal(end.said.length, 3);
  });

  it('is killed when a body breaks off that has begun, but not before its head', async () => {
    const broken = () =>
      new HttpResponse({
        body: Body.file({ length: 4, read: () => { throw new Error('gone'); } }), // prettier-ignore
      });
    const end = new ListedEnd(request());
    await assert.rejects(async () => end.deliver(broken(), () => {}, undefined), /gone/);
    assert.deepEqual(end.said, []);
    end.isHeadSent = true;
    await assert.rejects(async () => end.deliver(broken(), () => {}, undefined), /gone/);
    assert.deepEqual(end.said, ['killed']);
  });

  it('says when the client has gone', async () => {
    const end = new ListedEnd(request());
    end.isDeaf = true;
    await assert.rejects(
      async () => end.deliver(new HttpResponse({ body: 'body' }), () => {}, undefined),
      ClientGone,
    );
    assert.equal(end.signal.aborted, true);
  });

  it('asks for the body once, if the client waits for that, and for none after the head', () => {
    const end = new ListedEnd(request(), true);
    end.want();
    end.want();
    assert.deepEqual(end.said, ['100 ']);
    const late = new ListedEnd(request(), true);
    late.isHeadSent = true;
    late.want();
    assert.deepEqual(late.said, []);
  });

  it('passes on interim responses that are not ours to give, without what is hop-by-hop', () => {
    const end = new ListedEnd(request());
    for (const status of [100, 101, 102, 103, 200])
      end.inform({ status, headers: new HttpHeaders({ Link: 'x', Connection: 'close' }) });
    assert.deepEqual(end.said, ['102 Link,x', '103 Link,x']);
  });

  it('reads a body once, and lets go of the file', async () => {
    const asked = request();
    asked.body = Body.stream(
      (async function* () {
        yield Buffer.from('longer');
      })(),
    );
    const end = new ListedEnd(asked);
    await end.readBody();
    await end.readBody();
    assert.equal(await asked.body.text(), 'longer');
    end.discard();
    end.discard();
    assert.throws(() => asked.body.bytesSync(), { code: 'ERR_BODY_GONE' });
  });
});
