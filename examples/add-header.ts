import type { MitmProxy } from 'replay-proxy';

/** Adds a header to every response, wherever it came from. */
export default function addHeader(proxy: MitmProxy): void {
  proxy.hooks.response.tap('AddHeader', (response, flow) => {
    response.headers.set('x-served-by', flow.recorded ? 'recording' : 'network');
    return response;
  });
}
