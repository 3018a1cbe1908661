import type { Millis } from '../../base/clock'
import type { ErrorName } from '../../protocol/errors'
import type { FetchedFacts, FetchPartition, FetchSession } from './session'
import type { FetchSessions } from './session-cache'

/** What one request reads and how its answer is cut down (FetchManager.newContext). */
export interface FetchContext {
  wanted(): readonly FetchPartition[]
  /** Whether a partition belongs into the answer. */
  answers(wanted: FetchPartition, facts: FetchedFacts): boolean
  /** Ends the request and gives the session id of the answer; 0 is "no session". */
  finish(at: Millis): number
}

const initialEpoch = 0
const finalEpoch = -1

interface Asked {
  readonly usesTopicIds: boolean
  readonly wanted: readonly FetchPartition[]
  readonly forgotten: readonly { readonly topic: string; readonly topicId: string; readonly partition: number }[]
  readonly nameOf: (topicId: string) => string | undefined
  readonly at: Millis
}

/** KIP-227: a full fetch (epoch 0 opens a session, -1 closes it or has none), or the next step of a session. */
export function openContext(
  sessions: FetchSessions,
  sessionId: number,
  sessionEpoch: number,
  asked: Asked,
): FetchContext | { readonly error: ErrorName } {
  if (sessionEpoch === initialEpoch || sessionEpoch === finalEpoch) {
    if (sessionId !== 0) sessions.remove(sessionId)
    return full(sessions, sessionEpoch === initialEpoch, asked)
  }
  const session = sessions.find(sessionId)
  if (!session) return { error: 'FETCH_SESSION_ID_NOT_FOUND' }
  if (session.usesTopicIds !== asked.usesTopicIds) return { error: 'FETCH_SESSION_TOPIC_ID_ERROR' }
  if (session.epoch !== sessionEpoch) return { error: 'INVALID_FETCH_SESSION_EPOCH' }
  session.update(asked.wanted, asked.forgotten)
  if (session.size === 0) {
    sessions.remove(session.id)
    return full(sessions, false, { ...asked, wanted: [] })
  }
  return incremental(sessions, session, asked.nameOf)
}

function full(sessions: FetchSessions, opensSession: boolean, asked: Asked): FetchContext {
  let session: FetchSession | undefined
  return {
    wanted: () => asked.wanted,
    answers(wanted, facts) {
      session?.changed(wanted, facts)
      return true
    },
    finish(at) {
      session = opensSession && asked.wanted.length > 0 ? sessions.create(asked.usesTopicIds, at) : undefined
      session?.update(asked.wanted, [])
      return session?.id ?? 0
    },
  }
}

function incremental(sessions: FetchSessions, session: FetchSession, nameOf: Asked['nameOf']): FetchContext {
  return {
    wanted: () => session.wanted(nameOf),
    answers: (wanted, facts) => session.changed(wanted, facts),
    finish(at) {
      session.advance(at)
      sessions.touch(session)
      return session.id
    },
  }
}
