export type { RecorderHooks } from './hooks';
export { Recorder, type RecorderOptions } from './recorder';
