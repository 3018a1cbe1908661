import { useDeferredValue, useMemo, useState } from 'react'
import type { Query } from './useSearch'

export type From = Query['from']

/** What the bar above the messages says, as it is typed. */
export interface QueryDraft {
  readonly from: From
  /** An offset, or a local time as its field writes it. */
  readonly value: string
  /** ms */
  readonly until: number | null
  readonly groupId: string | null
  readonly partition: number | null
  readonly committed: boolean
  readonly find: string
  readonly script: string
  readonly isScript: boolean
}

const newest: QueryDraft = {
  from: 'newest',
  value: '',
  until: null,
  groupId: null,
  partition: null,
  committed: false,
  find: '',
  script: '',
  isScript: false,
}

const shownRows = 1000

/** The draft, what changes it, and the query that it means. */
export function useQuery(topics: readonly string[], from: From) {
  const [draft, setDraft] = useState<QueryDraft>({ ...newest, from })
  const find = useDeferredValue(draft.find)
  const query = useMemo((): Query => queryOf({ ...draft, find }, topics), [draft, find, topics])
  return { draft, query, change: (fields: Partial<QueryDraft>) => setDraft((before) => ({ ...before, ...fields })) }
}

function queryOf(draft: QueryDraft, topics: readonly string[]): Query {
  const { from, value, until, partition, committed, find, script, isScript } = draft
  return {
    topics,
    partitions: partition === null ? null : [partition],
    from,
    value: from === 'offset' ? Number(value) || 0 : from === 'time' ? Date.parse(value) || Number(value) || 0 : null,
    until: from === 'time' ? until : null,
    groupId: from === 'group' ? draft.groupId : null,
    limit: shownRows,
    committed,
    find: isScript ? '' : find,
    script: isScript ? script : '',
  }
}

/** As a `datetime-local` field writes it, with milliseconds. */
export function localTime(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 23)
}
