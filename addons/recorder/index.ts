export { Recorder, type RecorderHooks, type RecorderOptions } from './recorder';
