import type { Notice } from '../options/thread'

/** A further notice of the same kind waits this long, so that a storm causes one notification. */
const quietMs = 10 * 60 * 1000

/**
 * Decides which notices the system shows: the first error, a rebalance storm, and beginning and end of an alert of each group or topic, each once in a while,
 * and none while the window has the focus.
 */
export class NoticePolicy {
  readonly #shownAt = new Map<string, number>()

  shows(notice: Notice, windowHasFocus: boolean, at: number): boolean {
    // Alerts of different subjects are different news.
    const isAlert = notice.kind === 'alert' || notice.kind === 'alertOver'
    const key = isAlert ? `${notice.kind} ${notice.view}` : notice.kind
    const last = this.#shownAt.get(key)
    if (windowHasFocus || (last !== undefined && at - last < quietMs)) return false
    this.#shownAt.set(key, at)
    return true
  }
}
