import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import { onRouteChange, presentRoute, setQuery } from '../../stores/route'
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
export function useQuery(topics: readonly string[]) {
  const [draft, setDraft] = useState<QueryDraft>(() => draftOf(presentRoute().query))
  useEffect(() => setQuery(queryText(draft)), [draft])
  // Only somebody else's change of the address comes as an event: a link, or the back button.
  useEffect(() => onRouteChange(() => setDraft(draftOf(presentRoute().query))), [])
  const find = useDeferredValue(draft.find)
  const query = useMemo((): Query => queryOf({ ...draft, find }, topics), [draft, find, topics])
  return { draft, query, change: (fields: Partial<QueryDraft>) => setDraft((before) => ({ ...before, ...fields })) }
}

const froms: readonly From[] = ['newest', 'oldest', 'live', 'offset', 'time', 'group']

/** `from=offset&value=12&find=ada`: only what is not as usual. */
function queryText(draft: QueryDraft): string {
  const entries = Object.entries(draft).filter(([name, value]) => value !== newest[name as keyof QueryDraft])
  return new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString()
}

/** What a link says; `offset=12` alone begins there, as people write it. */
function draftOf(text: string): QueryDraft {
  const given = new URLSearchParams(text)
  const number = (name: string) => {
    const value = given.get(name)
    return value !== null && /^\d+$/.test(value) ? Number(value) : null
  }
  const offset = number('offset')
  return {
    from: offset === null ? (froms.find((known) => known === given.get('from')) ?? 'newest') : 'offset',
    value: offset === null ? (given.get('value') ?? '') : String(offset),
    until: number('until'),
    groupId: given.get('groupId'),
    partition: number('partition'),
    committed: given.get('committed') === 'true',
    find: given.get('find') ?? '',
    script: given.get('script') ?? '',
    isScript: given.get('isScript') === 'true',
  }
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
