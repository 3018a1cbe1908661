import { useState } from 'react'
import type { GroupLine } from '../../../src-main/contract/groups'
import { counted, integer } from '../../format/numbers'
import { span } from '../../format/time'
import { StateBadge } from '../../parts/Badge'
import { Empty } from '../../parts/Empty'
import { Choice, Field } from '../../parts/Field'
import { Spark } from '../../parts/Spark'
import { type Column, Table } from '../../parts/Table'
import { useFeed } from '../../stores/feed'
import { go, useRoute } from '../../stores/route'
import page from '../pages.module.css'
import { GroupPage } from './GroupPage'
import { groupStates, stateSentence } from './states'

const columns: readonly Column<GroupLine>[] = [
  {
    id: 'group',
    title: 'Group',
    width: 'minmax(130px, 2fr)',
    cell: ({ groupId }) => groupId,
    sort: ({ groupId }) => groupId,
  },
  {
    id: 'state',
    title: 'State',
    width: '150px',
    cell: ({ state }) => (
      <span title={stateSentence(state)}>
        <StateBadge state={state} />
      </span>
    ),
    sort: ({ state }) => state,
  },
  {
    id: 'type',
    title: 'Protocol',
    width: '170px',
    cell: ({ type, protocol }) => (
      <>
        <span className="quiet">{type}</span> {protocol}
      </>
    ),
    sort: ({ type, protocol }) => `${type} ${protocol}`,
  },
  {
    id: 'members',
    title: 'Members',
    width: '66px',
    numeric: true,
    cell: ({ members }) => members,
    sort: ({ members }) => members,
  },
  {
    id: 'epoch',
    title: 'Generation',
    width: '76px',
    numeric: true,
    cell: ({ epoch }) => epoch,
    sort: ({ epoch }) => epoch,
  },
  { id: 'lag', title: 'Lag', width: '76px', numeric: true, cell: ({ lag }) => integer(lag), sort: ({ lag }) => lag },
  {
    id: 'behind',
    title: 'Behind',
    width: '72px',
    numeric: true,
    cell: ({ lagMs }) => (lagMs ? span(lagMs) : '–'),
    sort: ({ lagMs }) => lagMs ?? -1,
  },
  {
    id: 'history',
    title: 'Last two minutes',
    width: '104px',
    cell: ({ lagHistory }) => <Spark values={lagHistory} label="Lag of the last two minutes" />,
  },
  { id: 'topics', title: 'Topics', width: 'minmax(110px, 2fr)', cell: ({ topics }) => topics.join(', ') },
]

export function GroupsPage() {
  const { subject } = useRoute()
  return subject === null ? <GroupList /> : <GroupPage key={subject} groupId={subject} />
}

function GroupList() {
  const { value: groups } = useFeed('groups', undefined)
  const [find, setFind] = useState('')
  const [state, setState] = useState('')
  if (!groups) return null
  const found = find.trim().toLowerCase()
  const shown = groups.filter(
    (group) =>
      (state === '' || group.state === state) &&
      (group.groupId.toLowerCase().includes(found) ||
        group.topics.some((topic) => topic.toLowerCase().includes(found))),
  )
  const lag = shown.reduce((sum, group) => sum + group.lag, 0)
  const behind = shown.reduce((most, { lagMs }) => Math.max(most, lagMs ?? 0), 0)
  const counts = groupStates.map((name) => [name, groups.filter((group) => group.state === name).length] as const)
  return (
    <>
      <header className={page.header}>
        <h1>Groups</h1>
        {groups.length > 0 && (
          <>
            <Field
              type="search"
              aria-label="Find a group"
              placeholder="Group or topic"
              value={find}
              onChange={(event) => setFind(event.target.value)}
            />
            <Choice aria-label="State" value={state} onChange={(event) => setState(event.target.value)}>
              <option value="">Any state ({groups.length})</option>
              {counts
                .filter(([name, count]) => count > 0 || name === state)
                .map(([name, count]) => (
                  <option key={name} value={name}>
                    {name} ({count})
                  </option>
                ))}
            </Choice>
            <span className={page.spacer} />
            <span className="quiet">
              {counted(shown.length, 'group')} · lag {integer(lag)}
              {behind > 0 ? ` · ${span(behind)} behind` : ''}
            </span>
          </>
        )}
      </header>
      <Table
        label="Groups"
        rows={shown}
        columns={columns}
        rowKey={({ groupId }) => groupId}
        onOpen={({ groupId }) => go('groups', groupId)}
        initialSort={{ id: 'group', descending: false }}
        empty={<Empty>{groups.length === 0 ? 'No consumer group has been here yet.' : 'No group is like that.'}</Empty>}
      />
    </>
  )
}
