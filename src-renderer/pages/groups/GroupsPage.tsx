import { useMemo, useState } from 'react'
import type { GroupLine } from '../../../src-main/contract/groups'
import { counted, integer } from '../../format/numbers'
import { span } from '../../format/time'
import { StateBadge } from '../../parts/Badge'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { Choice } from '../../parts/Field'
import { ListHeader } from '../../parts/ListHeader'
import { Spark } from '../../parts/Spark'
import { type Column, Table } from '../../parts/Table'
import { useFeed } from '../../stores/feed'
import { useMatcher, useQueryField } from '../../stores/query-field'
import { go, useRoute } from '../../stores/route'
import { GroupPage } from './GroupPage'
import css from './groups.module.css'
import { NewGroup } from './NewGroup'
import { groupStates, stateSentence } from './states'
import { keptOffset, texts } from './texts'

/** In a narrow window the page of a group has what is left out. @param mostLag the largest lag in any row's history: all charts have the same scale */
const columnsFor = (mostLag: number, marks: Marks): readonly Column<GroupLine>[] => [
  {
    id: 'group',
    title: texts.columns.group,
    width: 'minmax(150px, 4fr)',
    cell: ({ groupId, waiting }) => (
      <span title={groupId}>
        {groupId}
        {waiting && (
          <span className={css.resetWaits} title={texts.resetWaitsTitle(waiting.to)}>
            {texts.resetWaits}
          </span>
        )}
      </span>
    ),
    sort: ({ groupId }) => groupId,
  },
  {
    id: 'state',
    title: texts.columns.state,
    width: '116px',
    cell: ({ state }) => (
      <span title={stateSentence(state)}>
        <StateBadge state={state} />
      </span>
    ),
    sort: ({ state }) => state,
  },
  {
    id: 'type',
    title: texts.columns.protocol,
    width: 'minmax(112px, 1.6fr)',
    cell: ({ type, protocol }) => (
      <span title={`${type} ${protocol}`}>
        <span className="quiet">{type}</span> {protocol}
      </span>
    ),
    sort: ({ type, protocol }) => `${type} ${protocol}`,
  },
  {
    id: 'members',
    title: texts.columns.members,
    width: '66px',
    numeric: true,
    cell: ({ members }) => members,
    sort: ({ members }) => members,
  },
  {
    id: 'epoch',
    title: texts.columns.epoch,
    yields: 1,
    width: '76px',
    numeric: true,
    // DescribeGroups does not tell the generation of a classic group.
    cell: ({ epoch }) => (epoch < 0 ? '–' : epoch),
    sort: ({ epoch }) => epoch,
  },
  {
    id: 'lag',
    title: texts.columns.lag,
    width: '76px',
    numeric: true,
    cell: (group) => <Lag group={group} marks={marks} />,
    sort: ({ lag }) => lag ?? -1,
  },
  {
    id: 'timeLag',
    title: texts.columns.timeLag,
    width: '72px',
    numeric: true,
    cell: ({ lagMs }) => (lagMs ? span(lagMs) : '–'),
    sort: ({ lagMs }) => lagMs ?? -1,
  },
  {
    id: 'history',
    title: texts.columns.history,
    yields: 2,
    width: '104px',
    cell: ({ lagHistory }) =>
      lagHistory.some((lag) => lag > 0) && (
        <Spark
          values={lagHistory}
          max={mostLag}
          label={texts.lagHistory(Math.min(...lagHistory), Math.max(...lagHistory))}
        />
      ),
  },
  {
    id: 'topics',
    title: texts.columns.topics,
    width: 'minmax(100px, 2fr)',
    cell: ({ topics, missingTopics }) => (
      <span title={missingTopics.length > 0 ? texts.missingTopics(missingTopics) : topics.join(', ')}>
        {topics.join(', ')}
        {missingTopics.length > 0 && <span className={css.warns}> ⚠</span>}
      </span>
    ),
  },
]

/** Signs behind a lag. Where a row has one, each has the room for it: digits stand below digits. */
interface Marks {
  readonly more: boolean
  readonly beyond: boolean
}

function hasMore({ lag, uncommitted }: Pick<GroupLine, 'lag' | 'uncommitted'>): boolean {
  return lag !== null && uncommitted > 0
}

/** Lag of a row, and what it does not say by itself: partitions without a commit, and commits beyond the log end. */
function Lag({
  group: { type, lag, uncommitted, beyondEnd },
  marks,
}: {
  readonly group: GroupLine
  readonly marks: Marks
}) {
  const offset = keptOffset(type)
  const notes = [
    ...(uncommitted > 0 || lag === null ? [offset.missingTitle(uncommitted)] : []),
    ...(beyondEnd > 0 ? [offset.beyondTitle(beyondEnd)] : []),
  ]
  return (
    <span className={lag === null ? 'quiet' : undefined} title={notes.length > 0 ? notes.join('\n') : undefined}>
      {lag === null ? '–' : integer(lag)}
      {marks.more && <span className={css.more}>{hasMore({ lag, uncommitted }) && '+'}</span>}
      {marks.beyond && <span className={css.beyond}>{beyondEnd > 0 && '⚠'}</span>}
    </span>
  )
}

/** What groups come to. */
function factsOf(groups: readonly GroupLine[]): string {
  const lag = groups.reduce((sum, group) => sum + (group.lag ?? 0), 0)
  const timeLag = groups.reduce((most, { lagMs }) => Math.max(most, lagMs ?? 0), 0)
  const uncommitted = groups.reduce((sum, group) => sum + group.uncommitted, 0)
  const facts = [counted(groups.length, 'group'), texts.lag(lag)]
  if (timeLag > 0) facts.push(texts.timeLag(span(timeLag)))
  if (uncommitted > 0) facts.push(texts.uncommitted(uncommitted))
  return facts.join(' · ')
}

const noGroups: readonly GroupLine[] = []

export function GroupsPage() {
  const { subject } = useRoute()
  return subject === null ? <GroupList /> : <GroupPage key={subject} groupId={subject} />
}

function GroupList() {
  const { value, hasCome } = useFeed('groups', undefined)
  const groups = value ?? noGroups
  const matches = useMatcher()
  const [state, setState] = useQueryField('state')
  const [isCreating, setCreating] = useState(false)
  const mostLag = groups.reduce((most, { lagHistory }) => Math.max(most, ...lagHistory), 0)
  const more = groups.some(hasMore)
  const beyond = groups.some(({ beyondEnd }) => beyondEnd > 0)
  const columns = useMemo(() => columnsFor(mostLag, { more, beyond }), [mostLag, more, beyond])
  const shown = groups.filter(
    (group) => (state === '' || group.state === state) && matches(`${group.groupId} ${group.topics.join(' ')}`),
  )
  const counts = groupStates.map((name) => [name, groups.filter((group) => group.state === name).length] as const)
  return (
    <>
      <ListHeader
        title={texts.title}
        find={groups.length === 0 ? undefined : { label: texts.find, placeholder: texts.findPlaceholder }}
        facts={groups.length === 0 ? undefined : factsOf(shown)}
        action={
          <Button needs="reset.apply" onClick={() => setCreating(true)}>
            {texts.create}
          </Button>
        }
      >
        {groups.length > 0 && (
          <Choice aria-label={texts.state} value={state} onChange={(event) => setState(event.target.value)}>
            <option value="">{texts.anyState(groups.length)}</option>
            {counts
              .filter(([name, count]) => count > 0 || name === state)
              .map(([name, count]) => (
                <option key={name} value={name}>
                  {name} ({count})
                </option>
              ))}
          </Choice>
        )}
      </ListHeader>
      <Table
        label={texts.title}
        list="groups"
        keepsOrder
        rows={shown}
        columns={columns}
        rowKey={({ groupId }) => groupId}
        onOpen={({ groupId }) => go('groups', groupId)}
        initialSort={{ id: 'group', descending: false }}
        empty={
          hasCome &&
          (groups.length === 0 ? (
            <Empty action={<Button onClick={() => go('home')}>{texts.connect}</Button>}>{texts.empty}</Empty>
          ) : (
            <Empty>{texts.noMatch}</Empty>
          ))
        }
      />
      {isCreating && <NewGroup onClose={() => setCreating(false)} />}
    </>
  )
}
