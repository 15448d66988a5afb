import type { Contender } from '../contender';
import { bare } from './bare';
import { bareTls } from './bare-tls';
import { httpMitmProxy } from './http-mitm-proxy';
import { mitmdump } from './mitmdump';
import { mockttp } from './mockttp';
import { replayProxy } from './replay-proxy';

/** Who replays plain HTTP, the ceiling first. */
export const CONTENDERS: readonly Contender[] = [bare, replayProxy, httpMitmProxy, mockttp, mitmdump];

/** Who replays inside CONNECT and TLS. */
export const TLS_CONTENDERS: readonly Contender[] = [bareTls, replayProxy, httpMitmProxy, mockttp, mitmdump];
