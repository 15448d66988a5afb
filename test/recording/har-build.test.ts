import assert from 'node:assert/strict';
import { HttpRequest } from '../../src/http/request';
import { HttpResponse } from '../../src/http/response';
import { buildEntry } from '../../src/recording/har-build';
import { flow } from './har-samples';

const noFile = (): never => assert.fail('no file is needed');

describe('buildEntry', () => {
  it('has every member that HAR 1.2 asks for', () => {
    const request = HttpRequest.to('http://h/a?x=1&y', {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain', Cookie: 'a=1' },
      body: 'hi',
      startedAt: 1000,
      endedAt: 1001,
    });
    const headers = { 'Content-Type': 'text/html', Location: '/b', 'Set-Cookie': 'b=2; Path=/' };
    const response = new HttpResponse({ status: 302, headers, body: 'bye', startedAt: 1005, endedAt: 1006 });
    assert.deepEqual(buildEntry(flow('http://h/', { request, response }), noFile), {
      startedDateTime: '1970-01-01T00:00:01.000Z',
      time: 6,
      timings: { blocked: -1, dns: -1, connect: -1, ssl: -1, send: 1, wait: 4, receive: 1 },
      request: {
        method: 'POST',
        url: 'http://h/a?x=1&y',
        httpVersion: 'HTTP/1.1',
        cookies: [{ name: 'a', value: '1' }],
        headers: [
          { name: 'Host', value: 'h' },
          { name: 'Content-Type', value: 'text/plain' },
          { name: 'Cookie', value: 'a=1' },
        ],
        queryString: [
          { name: 'x', value: '1' },
          { name: 'y', value: '' },
        ],
        postData: { mimeType: 'text/plain', text: 'hi' },
        headersSize: -1,
        bodySize: 2,
      },
      response: {
        status: 302,
        statusText: 'Found',
        httpVersion: 'HTTP/1.1',
        cookies: [{ name: 'b', value: '2', path: '/' }],
        headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
        content: { size: 3, mimeType: 'text/html', text: 'bye' },
        redirectURL: '/b',
        headersSize: -1,
        bodySize: 3,
      },
      cache: {},
      _replay: {},
    });
  });

  it('has status 0 and the reason where no response came', () => {
    const { response: _none, ...failed } = flow('http://h/', { error: 'refused' });
    const entry = buildEntry(failed, noFile) as { response: { status: number; _error: string } };
    assert.deepEqual([entry.response.status, entry.response._error], [0, 'refused']);
  });
});
