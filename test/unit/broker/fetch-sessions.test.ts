import { beforeEach, describe, expect, it } from 'vitest'
import { FetchSessions } from '../../../src-main/broker/fetch/session-cache'

let sessions: FetchSessions
beforeEach(() => {
  let id = 0
  sessions = new FetchSessions(2, () => ++id)
})

describe('fetch sessions that take all slots', () => {
  it('keep a session that was used within two minutes: the client fetches without one', () => {
    sessions.create(true, 0)
    sessions.create(true, 0)
    expect(sessions.create(true, 120_000)).toBeUndefined()
    expect([sessions.find(1)?.id, sessions.find(2)?.id]).toEqual([1, 2])
  })

  it('evict the session that was not used for the longest time, after two minutes', () => {
    sessions.create(true, 0)
    sessions.create(true, 1)
    expect(sessions.create(true, 120_001)?.id).toBe(3)
    expect([sessions.find(1)?.id, sessions.find(2)?.id]).toEqual([undefined, 2])
  })
})
