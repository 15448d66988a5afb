import { HttpResponse, KillUnmatched, respond, type MitmProxy } from 'replay-proxy';

/** Answers 404 with the URL where KillUnmatched would have closed the connection. */
export default function notFoundInstead(proxy: MitmProxy): void {
  KillUnmatched.hooks(proxy).verdict.tap('NotFoundInstead', (_, { request }) =>
    respond(HttpResponse.text(404, `nothing is recorded for ${request.method} ${request.url}`)),
  );
}
