import { SyncBailHook, SyncHook, SyncWaterfallHook } from 'tapable';
import {
  addonHooks,
  type Flow,
  guardSync,
  isHttpRequest,
  isHttpResponse,
  isThenable,
  type RecordedFlow,
} from 'replay-proxy';

/** The seat of Recorder. */
export const NAME = 'Recorder';

/** The hooks that Recorder offers. */
export interface RecorderHooks {
  /** Whether a forwarded flow is recorded; the first tap with an opinion decides, all are unless one says false. */
  readonly accept: SyncBailHook<[flow: Flow], boolean | void>;
  /** What is about to be written; return a changed copy. A tap that throws ends its flow, unwritten. */
  readonly capture: SyncWaterfallHook<[recorded: RecordedFlow, flow: Flow], RecordedFlow | void>;
  /** The exchange is in the file. Taps are synchronous; what one throws is only told. */
  readonly written: SyncHook<[recorded: RecordedFlow, flow: Flow]>;
}

/** The hooks of Recorder on a proxy. */
export const recorderHooks = addonHooks<RecorderHooks>(NAME, () => ({
  accept: guardSync(`${NAME}.accept`, new SyncBailHook(['flow']), {
    check: (value) => typeof value === 'boolean',
    wants: 'true or false',
  }),
  capture: guardSync(`${NAME}.capture`, new SyncWaterfallHook(['recorded', 'flow']), {
    check: isRecordedFlow,
    wants: 'a RecordedFlow, its messages HttpRequest and HttpResponse',
  }),
  written: guardSync(`${NAME}.written`, new SyncHook(['recorded', 'flow']), {
    check: (value) => !isThenable(value),
    wants: 'nothing',
  }),
}));

function isRecordedFlow(value: unknown): boolean {
  const { request, response } = (value ?? {}) as Partial<RecordedFlow>;
  return isHttpRequest(request) && (response === undefined || isHttpResponse(response));
}
