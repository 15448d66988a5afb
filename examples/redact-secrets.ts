import { Recorder, type MitmProxy } from 'replay-proxy';

const SECRET = 'authorization';

/** Keeps credentials out of the recording; what was taken out does not count when the entry is matched. */
export default function redactSecrets(proxy: MitmProxy): void {
  Recorder.hooks(proxy).capture.tap('RedactSecrets', (recorded) => {
    if (!recorded.request.headers.has(SECRET)) return recorded;
    const request = recorded.request.clone();
    request.headers.set(SECRET, 'redacted');
    return { ...recorded, request, redacted: [...(recorded.redacted ?? []), `header.${SECRET}`] };
  });
}
