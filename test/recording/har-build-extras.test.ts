import assert from 'node:assert/strict';
import { HttpRequest } from '../../src/http/request';
import { HttpResponse } from '../../src/http/response';
import { type Built, buildExtras, builtUrl } from '../../src/recording/har-build-extras';
import { flow } from './har-samples';

const text = { size: 2, fields: { text: 'hi' } };
const nothing: Built = { asked: text, answered: text, target: undefined, exact: undefined };

describe('builtUrl', () => {
  it('notes the exact target only where the URL does not tell it', () => {
    const request = HttpRequest.to('http://h/');
    assert.deepEqual(builtUrl(request), { url: 'http://h/', target: undefined });
    request.path = '/a#b';
    assert.deepEqual(builtUrl(request).target, { url: 'http://h/a#b', host: 'h', port: 80, path: '/a#b' });
  });

  it('stands in for a URL that cannot say where the request went', () => {
    const request = HttpRequest.to('http://h/');
    request.host = 'a b';
    const url = 'http://unknown.invalid/';
    assert.deepEqual(builtUrl(request), { url, target: { url, host: 'a b', port: 80, path: '/' } });
  });
});

describe('buildExtras', () => {
  it('has nothing to say about an ordinary exchange', () => {
    assert.deepEqual(buildExtras(flow('http://h/'), nothing), {});
  });

  it('has what HAR cannot say', () => {
    const response = new HttpResponse({
      body: 'hi',
      trailers: { 'X-Sum': '1', 'Proxy-Connection': 'close' },
    });
    const recorded = flow('http://h/', {
      response,
      session: 's',
      redacted: ['header.cookie'],
      incomplete: true,
      left: true,
    });
    const body = { digest: 'd', coding: 'gzip' };
    const exact = [1, null, 2, 3] as const;
    assert.deepEqual(
      buildExtras(recorded, { ...nothing, asked: undefined, answered: { ...text, extra: body }, exact }),
      {
        response: { trailers: [['X-Sum', '1']], body },
        times: exact,
        redacted: ['header.cookie'],
        incomplete: true,
        left: true,
        unstored: { request: true },
        session: 's',
      },
    );
  });
});
