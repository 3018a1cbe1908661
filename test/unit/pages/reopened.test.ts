import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type FeedNews, reopened } from '../../../src-renderer/stores/reopened'

const opened: FeedNews[] = []
let closed = 0
const newest = () => opened.at(-1)!
const open = (news: FeedNews) => {
  opened.push(news)
  return () => {
    closed++
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  opened.length = 0
  closed = 0
})
afterEach(() => {
  vi.useRealTimers()
})

/** How long it takes until a feed that fails now is opened again. */
function pauseAfterFailure(): number {
  const [before, start] = [opened.length, Date.now()]
  newest().failed()
  vi.advanceTimersToNextTimer()
  expect(opened).toHaveLength(before + 1)
  return Date.now() - start
}

describe('a feed that fails', () => {
  it('is opened again after pauses that grow', () => {
    reopened(open)
    expect(Array.from({ length: 7 }, pauseAfterFailure)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
  })

  it('is opened again after a second when it has given something since it failed before', () => {
    reopened(open)
    for (let failures = 0; failures < 6; failures++) pauseAfterFailure()
    newest().came()
    expect([pauseAfterFailure(), pauseAfterFailure()]).toEqual([1000, 2000])
  })

  it('is not opened again when it was closed', () => {
    const close = reopened(open)
    newest().failed()
    close()
    vi.runAllTimers()
    expect([opened.length, closed]).toEqual([1, 1])
  })
})
