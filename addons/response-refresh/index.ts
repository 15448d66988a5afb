export { refreshCookie, refreshDate, timeShift, type TimeShift } from './move-dates';
export { ResponseRefresh, type ResponseRefreshHooks } from './response-refresh';
