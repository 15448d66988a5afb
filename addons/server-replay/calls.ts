import { type Body, type Flow, neededForMessage, type RecordedFlow, ReplayError } from 'replay-proxy';

/** Bytes of a first message that is waited for; a longer one matches nothing. */
const LONGEST = 16 * 1024 * 1024;

/**
 * Waits for the first message of a gRPC call, which is what is compared; the rest of the call may depend on the answer.
 * @throws ReplayError with status 408 when it does not come within `patience` milliseconds.
 */
export async function listen(body: Body, patience: number, signal: AbortSignal): Promise<void> {
  const message = body.readAhead((opening) => Math.min(neededForMessage(opening), LONGEST));
  let timer: NodeJS.Timeout | undefined;
  let leave = () => {};
  const giveUp = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason as Error);
    signal.addEventListener('abort', leave, { once: true });
    const sentence = `the client sent no whole message of its call for ${patience / 1000} s`;
    timer = setTimeout(
      () => reject(new ReplayError(sentence, { code: 'ERR_REQUEST_TIMEOUT', status: 408 })),
      patience,
    );
  });
  try {
    await Promise.race([message, giveUp]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  }
}

/**
 * Takes the rest of a call that is answered from `entry`. Where the recorded server answered behind the end of the request, so do we: it
 * settles then. Where the two talked by turns, it settles at once.
 */
export async function hearOut({ request }: Flow, { request: asked, response }: RecordedFlow): Promise<void> {
  if (request.body.kind !== 'stream') return;
  const end = drain(request.body);
  const isAnsweredBehind = asked.endedAt !== undefined && asked.endedAt <= (response?.startedAt ?? 0);
  // When the client breaks off, its flow is told so anyway.
  if (!isAnsweredBehind) end.catch(() => {});
  else await end;
}

async function drain(body: Body): Promise<void> {
  for await (const _ of body.chunks());
}
