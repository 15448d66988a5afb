export { defaultMatch, type Candidates } from './candidates';
export { type Claims, MemoryClaims } from './claims';
export type { ServerReplayHooks } from './hooks';
export { serverReplaySchema, type ReplayValues } from './options';
export { Policies, type ReplayRule } from './policy';
export type { Reuse } from './reuse';
export { ServerReplay, type ServerReplayOptions } from './server-replay';
export type { Source, SourceProgress } from './sources';
export { whyUnusable } from './usable';
