/** Errors that are part of a healthy day: a rebalance, a consumer that asks too early. */
const routine = new Set([
  'REBALANCE_IN_PROGRESS',
  'MEMBER_ID_REQUIRED',
  'UNKNOWN_MEMBER_ID',
  'ILLEGAL_GENERATION',
  'STALE_MEMBER_EPOCH',
  'COORDINATOR_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'FETCH_SESSION_ID_NOT_FOUND',
  'INVALID_FETCH_SESSION_EPOCH',
  'CONCURRENT_TRANSACTIONS',
])

/** True for an error that a client mends by itself, and that nobody needs to hear of. */
export function isRoutine(error: string): boolean {
  return routine.has(error)
}
