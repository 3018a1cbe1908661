import { describe, expect, it } from 'vitest'
import { SharedFeeds } from '../../../src-renderer/stores/shared-feeds'

/** Feeds with one key, whose opens and closes are noted. */
function noted() {
  const feeds = new SharedFeeds()
  const notes: string[] = []
  const use = (on: { readonly name: string }, feed = feeds.at('topics')) =>
    feeds.use(feed, on, () => {
      notes.push(`open on ${on.name}`)
      return () => notes.push(`close on ${on.name}`)
    })
  return { feeds, notes, use }
}

const first = { name: 'first' }
const second = { name: 'second' }

describe('feeds that components share', () => {
  it('are opened once, and closed after the last user', async () => {
    const { notes, use } = noted()
    const ends = [use(first), use(first)]
    ends[0]?.()
    await Promise.resolve()
    expect(notes).toEqual(['open on first'])
    ends[1]?.()
    await Promise.resolve()
    expect(notes).toEqual(['open on first', 'close on first'])
  })

  it('keep what came last for each page that takes over from another', async () => {
    const { feeds, notes, use } = noted()
    const ofList = feeds.at('topics')
    let end = use(first, ofList)
    ofList.store.setState({ value: ['orders'], hasCome: true })
    for (let step = 0; step < 3; step++) {
      // As React does it: the next page is drawn, then the effects of the page before end, then those of the next one begin.
      const next = feeds.at('topics')
      expect(next.store.getState().value).toEqual(['orders'])
      end()
      end = use(first, next)
      await Promise.resolve()
    }
    expect(notes).toEqual(['open on first'])
  })

  it('begin empty when nobody used them for a while', async () => {
    const { feeds, use } = noted()
    const end = use(first)
    feeds.at('topics').store.setState({ value: ['orders'], hasCome: true })
    end()
    await Promise.resolve()
    expect(feeds.at('topics').store.getState()).toEqual({ value: null, problem: null, hasCome: false })
  })

  it('are opened again on another connection, and show what came last until then', async () => {
    const { feeds, notes, use } = noted()
    const feed = feeds.at('topics')
    const ends = [use(first, feed), use(first, feed)]
    feed.store.setState({ value: ['orders'], hasCome: true })
    for (const end of ends) end()
    for (const _ of ends) use(second, feed)
    await Promise.resolve()
    expect(notes).toEqual(['open on first', 'close on first', 'open on second'])
    expect(feed.store.getState().value).toEqual(['orders'])
  })
})
