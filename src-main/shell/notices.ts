import type { Notice } from '../options/thread'

/** A further notice of the same kind waits this long, so that a storm is told once. */
const quietMs = 10 * 60 * 1000

/**
 * Decides which notices the system shows: the first error and a rebalance storm, each once in a while, and none while
 * somebody looks at the window.
 */
export class NoticePolicy {
  readonly #toldAt = new Map<Notice['kind'], number>()

  shows(notice: Notice, windowHasFocus: boolean, at: number): boolean {
    const last = this.#toldAt.get(notice.kind)
    if (windowHasFocus || (last !== undefined && at - last < quietMs)) return false
    this.#toldAt.set(notice.kind, at)
    return true
  }
}
