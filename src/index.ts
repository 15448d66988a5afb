/// <reference types="node" preserve="true" />

export type { AddonOptions } from './core/addon';
export { addonHooks, type HooksOf } from './core/addon-hooks';
export { guardSync } from './core/guard-sync';
export { guard, type Expected, type GuardOptions, type TapOptions } from './core/guard';
export { Flow, type ClientInfo, type FlowInit, type Outcome } from './core/flow';
export type { Ask, Awaitable, Change, ProxyHooks, Tell } from './core/hooks';
export type { Tunnel, TunnelVerdict } from './core/tunnel';
export {
  attributed,
  forward,
  isVerdict,
  kill,
  respond,
  serveWebSocket,
  type Forward,
  type Kill,
  type Respond,
  type Verdict,
  type WebSocketServing,
} from './core/verdict';
export type { FlowWebSocket, WebSocketClose, WebSocketEnd, WebSocketMessage } from './core/web-socket';
export {
  AddonError,
  ConfigError,
  EgressError,
  RecordingError,
  ReplayError,
  reasonOf,
  UpstreamError,
} from './errors';
export { escapeControls } from './escape-controls';
export { asksForWebSocket } from './http/asks-for-web-socket';
export { Body, type BodyLike, type BodySource, type BodyWatcher } from './http/body';
export { BodySpool } from './http/body-spool';
export type { BodyChunks } from './http/chunks';
export { closeReason } from './http/close-code';
export { acceptsCoding, decodeContent } from './http/content-coding';
export { parseForm, type FormField } from './http/form';
export { connectionOptions, HOP_BY_HOP } from './http/hop-by-hop';
export { HttpHeaders, isToken, type HeaderPair, type HeadersLike } from './http/headers';
export { formatHttpDate, parseHttpDate } from './http/http-date';
export { parseQuery, splitPath } from './http/query';
export { HttpRequest, isHttpRequest, type HttpRequestInit } from './http/request';
export { HttpResponse, isHttpResponse, type HttpResponseInit } from './http/response';
export { SetCookie } from './http/set-cookie';
export { FacetPatterns } from './facets/facet-patterns';
export { facetName, type Facet } from './facets/facets';
export type { RequestFilter, RequestPattern } from './facets/request-filter';
export type {
  Difference,
  EntryName,
  Miss,
  NearEntry,
  Remedy,
  UnfitEntry,
  UsedEntries,
  WebSocketDeparture,
} from './miss/miss';
export { missLine, missText } from './miss/miss-text';
export { Redaction, redactFlow } from './redaction/redaction';
export { VERSION } from './version';
export { openRecording, openWriter } from './recording/open-recording';
export type {
  RecordedFlow,
  RecordedWebSocketClose,
  RecordedWebSocketMessage,
} from './recording/recorded-flow';
export type { LoadProgress, Recording, RecordingWriter } from './recording/recording';

// What the built-ins need beside: it may change with them, between versions that are otherwise compatible.
export { isThenable } from './core/guard';
export { waterfallSteps, type WaterfallStep } from './core/waterfall-steps';
export { facetDifferences, type FacetDifference } from './facets/facet-differences';
export { refuseUnknownRoots } from './facets/facet-roots';
export { segmentsOf } from './facets/facets';
export { canCount, redactedOf, subjectOf } from './facets/recorded-side';
export { compileFilter, FILTER_WORDS, isFilter } from './facets/request-filter';
export { facetsOf, requestKey, Subject, type Identify, type RequestKey } from './facets/request-key';
export { fitChunks } from './http/chunks';
export { decodedBytes } from './http/decoded-bytes';
export { encodeGrpcMessage, neededForMessage } from './http/grpc';
export { isGrpc, streamKind, streamsByNature } from './http/streams';
export { cutMiddle, cutValues } from './miss/cut-values';
export { entryName } from './miss/entry-name';
export { remedyOf } from './miss/remedy';
export { departureWords } from './miss/miss-text';
export { shortened } from './miss/shortened';
export { toldTarget, toldUrl } from './redaction/told-url';

export { MitmProxy, type Addon, type AddonInput } from './proxy';
export type { ProxyOptions } from './proxy-options';
export type { ListenerSpec } from './transport/listener-spec';
export { DEFAULT_LIMITS, type Limits } from './transport/options';
export { warnOnStderr } from './warn';
export { defineConfig, type ReplayConfig } from './config/define-config';
export { FlowLog, type FlowLogOptions } from '../addons/flow-log';
export {
  KillUnmatched,
  type KillUnmatchedHooks,
  type Unmatched,
  type UnmatchedAction,
  type UnmatchedRule,
} from '../addons/kill-unmatched';
export { Ledger, type Counts, type FlowSummary, type LedgerOptions, type Report } from '../addons/ledger';
export { type HostPattern, PassThrough } from '../addons/pass-through';
export { Recorder, type RecorderHooks, type RecorderOptions } from '../addons/recorder';
export {
  refreshCookie,
  refreshDate,
  ResponseRefresh,
  type ResponseRefreshHooks,
  type TimeShift,
  timeShift,
} from '../addons/response-refresh';
export {
  defaultMatch,
  defaultMatchMessage,
  MemoryClaims,
  ServerReplay,
  type Candidates,
  type Claims,
  type MessageComparison,
  type ReplayRule,
  type ReplayValues,
  type Reuse,
  type ServerReplayHooks,
  type ServerReplayOptions,
  type Source,
  type SourceProgress,
} from '../addons/server-replay';
