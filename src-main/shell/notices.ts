import type { Notice } from '../options/thread'

/** A further notice of the same kind waits this long, so that a storm causes one notification. */
const quietMs = 10 * 60 * 1000

/**
 * Decides which notices the system shows: the first error and a rebalance storm, each once in a while, and none while
 * the window has the focus.
 */
export class NoticePolicy {
  readonly #shownAt = new Map<Notice['kind'], number>()

  shows(notice: Notice, windowHasFocus: boolean, at: number): boolean {
    const last = this.#shownAt.get(notice.kind)
    if (windowHasFocus || (last !== undefined && at - last < quietMs)) return false
    this.#shownAt.set(notice.kind, at)
    return true
  }
}
