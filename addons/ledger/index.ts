export { Ledger, type LedgerOptions } from './ledger';
export { type Counts } from './counts';
export { type FlowSummary, type Report } from './report';
