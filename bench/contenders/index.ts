import type { Contender } from '../contender';
import { bare } from './bare';
import { httpMitmProxy } from './http-mitm-proxy';
import { mitmdump } from './mitmdump';
import { mockttp } from './mockttp';
import { replayProxy } from './replay-proxy';

/** Everyone, the ceiling first. */
export const CONTENDERS: readonly Contender[] = [bare, replayProxy, httpMitmProxy, mockttp, mitmdump];
