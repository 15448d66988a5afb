import { Recorder, type MitmProxy } from 'replay-proxy';

const SECRETS = ['authorization', 'cookie', 'set-cookie'];

/** Keeps credentials and cookies out of the recording; what was taken out of a request does not count when it is matched. */
export default function redactSecrets(proxy: MitmProxy): void {
  Recorder.hooks(proxy).capture.tap('RedactSecrets', (recorded) => {
    const request = recorded.request.clone();
    const response = recorded.response?.clone();
    for (const { headers } of response ? [request, response] : [request]) {
      headers.rewrite((name, value) => (SECRETS.includes(name.toLowerCase()) ? 'redacted' : value));
    }
    const redacted = [...(recorded.redacted ?? []), ...SECRETS.map((name) => `header.${name}`)];
    return { ...recorded, request, ...(response && { response }), redacted };
  });
}
