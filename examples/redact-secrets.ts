import { Recorder, redactFlow, type MitmProxy } from 'replay-proxy';

const NAMES = ['header.authorization', 'header.cookie', 'response.header.set-cookie'];

/** Keeps the credentials of one host out of the recording; what was taken out of a request does not count when it is matched. */
export default function redactSecrets(proxy: MitmProxy): void {
  Recorder.hooks(proxy).capture.tap('RedactSecrets', (recorded) =>
    recorded.request.host === 'shop.example' ? redactFlow(recorded, NAMES) : recorded,
  );
}
