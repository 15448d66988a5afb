export { KillUnmatched, type KillUnmatchedHooks } from './kill-unmatched';
export { unmatchedSchema, type Unmatched, type UnmatchedAction, type UnmatchedRule } from './unmatched';
