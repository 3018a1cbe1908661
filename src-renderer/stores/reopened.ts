/** A feed that failed is opened again: a cluster may be back. The pauses grow while it fails. */
const firstPauseMs = 1000
const longestPauseMs = 30_000

/** What became of a feed. */
export interface FeedNews {
  /** It gave something: what fails from now on is another failure. */
  readonly came: () => void
  readonly failed: () => void
}

/** Opens a feed, and again after each failure, until what is returned is called. */
export function reopened(open: (news: FeedNews) => () => void): () => void {
  let close = () => {}
  let timer: ReturnType<typeof setTimeout> | undefined
  let pauseMs = firstPauseMs
  const begin = () => {
    close = open({
      came() {
        pauseMs = firstPauseMs
      },
      failed() {
        timer = setTimeout(begin, pauseMs)
        pauseMs = Math.min(2 * pauseMs, longestPauseMs)
      },
    })
  }
  begin()
  return () => {
    clearTimeout(timer)
    close()
  }
}
