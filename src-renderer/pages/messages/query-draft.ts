import { readTime } from '../../format/time'
import { readConditions } from './conditions'
import type { Query } from './message-search'
import { pageRows } from './pages'
import { partitionsText, readPartitions } from './partition-list'

export type From = Query['from']

/** The state of the query bar, as typed. Each start has its own value. */
export interface QueryDraft {
  readonly from: From
  readonly offset: string
  /** ms */
  readonly fromAt: number | null
  readonly until: number | null
  readonly groupId: string | null
  /** `0,3-5`; empty for all. */
  readonly partitions: string
  readonly committed: boolean
  readonly filterBy: 'text' | 'conditions' | 'script'
  readonly find: string
  /** Conditions as they are typed. */
  readonly where: string
  readonly script: string
  /** An id that is followed through all topics; empty: none. */
  readonly follow: string
  /** The header or field that holds it; empty: any. */
  readonly followName: string
  /** Further columns: `value.customer.id`, `headers.trace`. */
  readonly columns: readonly string[]
  /** The open message: `orders:1:55`. */
  readonly open: string | null
}

export const newest: QueryDraft = {
  from: 'newest',
  offset: '',
  fromAt: null,
  until: null,
  groupId: null,
  partitions: '',
  committed: false,
  filterBy: 'text',
  find: '',
  where: '',
  script: '',
  follow: '',
  followName: '',
  columns: [],
  open: null,
}

/** More columns than this are of no use. */
export const mostColumns = 20

const froms: readonly From[] = ['newest', 'oldest', 'latest', 'live', 'offset', 'time', 'group']

/** A time beyond the calendar stays a number. */
const instantText = (at: number) => (Math.abs(at) > 8.64e15 ? String(at) : new Date(at).toISOString())

/** `from=offset&value=12&find=ada`: only values that are not the default. */
export function queryText(draft: QueryDraft): string {
  const text = new URLSearchParams()
  const { from } = draft
  if (from !== newest.from) text.set('from', from)
  if (from === 'offset') text.set('value', draft.offset)
  if (from === 'time' && draft.fromAt !== null) text.set('value', instantText(draft.fromAt))
  if (from === 'time' && draft.until !== null) text.set('until', instantText(draft.until))
  if (from === 'group' && draft.groupId !== null) text.set('groupId', draft.groupId)
  for (const name of ['partitions', 'find', 'where', 'script', 'follow', 'followName', 'open'] as const)
    if (draft[name]) text.set(name, String(draft[name]))
  if (draft.committed) text.set('committed', 'true')
  if (draft.filterBy === 'script') text.set('isScript', 'true')
  if (draft.filterBy === 'conditions') text.set('filterBy', 'conditions')
  for (const column of draft.columns) text.append('column', column)
  return text.toString()
}

/** Time before and after a message in which messages of all topics are its neighbours. */
const neighboursMs = 5000

/** The query that shows what happened around a message in all topics, in the order of time, with that message open. */
export function neighboursText(timestamp: number, open: string): string {
  return queryText({ ...newest, from: 'time', fromAt: timestamp - neighboursMs, until: timestamp + neighboursMs, open })
}

/** Reads a link. `partition=1&offset=12` alone starts there with that message open, as users write it. */
export function draftOf(text: string, topics: readonly string[]): QueryDraft {
  const given = new URLSearchParams(text)
  const whole = (name: string) => {
    const value = given.get(name)
    return value !== null && /^\d+$/.test(value) ? Number(value) : null
  }
  const [partition, offset] = [whole('partition'), whole('offset')]
  const isMessage = partition !== null && offset !== null && topics.length === 1
  const from = offset !== null ? 'offset' : (froms.find((known) => known === given.get('from')) ?? 'newest')
  const value = given.get('value') ?? ''
  return {
    from,
    offset: from === 'offset' ? String(offset ?? value) : '',
    fromAt: from === 'time' ? readTime(value) : null,
    until: readTime(given.get('until') ?? ''),
    groupId: given.get('groupId'),
    partitions: partitionsText(readPartitions(given.get('partitions') ?? given.get('partition') ?? '') ?? []),
    committed: given.get('committed') === 'true',
    filterBy:
      given.get('isScript') === 'true' ? 'script' : given.get('filterBy') === 'conditions' ? 'conditions' : 'text',
    find: given.get('find') ?? '',
    where: given.get('where') ?? '',
    script: given.get('script') ?? '',
    follow: given.get('follow') ?? '',
    followName: given.get('followName') ?? '',
    columns: given.getAll('column').slice(0, mostColumns),
    open: isMessage ? `${topics[0]}:${partition}:${offset}` : given.get('open'),
  }
}

/** A further condition; it takes the place of a text or a script. */
export function withCondition({ filterBy, where }: QueryDraft, text: string): Partial<QueryDraft> {
  const before = filterBy === 'conditions' ? where.trim() : ''
  return { filterBy: 'conditions', where: before === '' ? text : `${before} ${text}` }
}

export function queryOf(draft: QueryDraft, topics: readonly string[]): Query {
  const { from, partitions, committed, filterBy, follow, followName, columns } = draft
  const offset = Number(draft.offset)
  return {
    topics,
    partitions: readPartitions(partitions),
    from,
    value:
      from === 'offset' ? (Number.isSafeInteger(offset) ? offset : 0) : from === 'time' ? (draft.fromAt ?? 0) : null,
    until: from === 'time' ? draft.until : null,
    groupId: from === 'group' ? draft.groupId : null,
    limit: pageRows,
    committed,
    find: filterBy === 'text' ? draft.find : '',
    conditions: filterBy === 'conditions' ? readConditions(draft.where).conditions : [],
    script: filterBy === 'script' ? draft.script : '',
    follow: follow === '' ? null : { name: followName === '' ? null : followName, value: follow },
    columns,
  }
}
