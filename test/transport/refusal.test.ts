import assert from 'node:assert/strict';
import { refusalBytes } from '../../src/transport/refusal';

describe('refusalBytes', () => {
  it('is a whole response that ends the connection', () => {
    assert.equal(
      refusalBytes({ status: 431, sentence: 'too löng' }).toString('utf8'),
      'HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\n' +
        'content-length: 10\r\nconnection: close\r\n\r\ntoo löng\n',
    );
  });

  it('has no content for HEAD', () => {
    assert.match(
      refusalBytes({ status: 400, sentence: 'no' }, 'HEAD').toString('utf8'),
      /\r\ncontent-length: 3\r\nconnection: close\r\n\r\n$/,
    );
  });
});
