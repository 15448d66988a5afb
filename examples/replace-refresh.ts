import { formatHttpDate, type Addon, type MitmProxy } from 'replay-proxy';

/** Takes the seat of the built-in of this name: only `Date` is set to now, everything else stays as recorded. */
export default {
  name: 'ResponseRefresh',
  apply(proxy: MitmProxy, _replaced?: Addon): void {
    proxy.hooks.response.tap({ name: 'ResponseRefresh', stage: -100 }, (response, flow) => {
      if (flow.recorded) response.headers.set('date', formatHttpDate(flow.startedAt));
      return response;
    });
  },
};
