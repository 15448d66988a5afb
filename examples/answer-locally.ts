import { HttpResponse, respond, type MitmProxy } from 'replay-proxy';

/** Closes the shop for maintenance: answers here, whatever is recorded, and asks nobody. */
export default {
  name: 'Maintenance',
  apply(proxy: MitmProxy): void {
    proxy.hooks.request.tap('Maintenance', ({ request }) =>
      request.path.startsWith('/checkout')
        ? respond(new HttpResponse({ status: 503, headers: { 'retry-after': '60' }, body: 'back soon\n' }))
        : undefined,
    );
  },
};
