import type { GroupLine } from '../../../src-main/contract/groups'
import { integer } from '../../format/numbers'
import { StateBadge } from '../../parts/Badge'
import { Empty } from '../../parts/Empty'
import { Spark } from '../../parts/Spark'
import { type Column, Table } from '../../parts/Table'
import { useFeed } from '../../stores/feed'
import { go, useRoute } from '../../stores/route'
import page from '../pages.module.css'
import { GroupPage } from './GroupPage'

const columns: readonly Column<GroupLine>[] = [
  {
    id: 'group',
    title: 'Group',
    width: 'minmax(160px, 2fr)',
    cell: ({ groupId }) => groupId,
    sort: ({ groupId }) => groupId,
  },
  {
    id: 'state',
    title: 'State',
    width: '170px',
    cell: ({ state }) => <StateBadge state={state} />,
    sort: ({ state }) => state,
  },
  {
    id: 'type',
    title: 'Protocol',
    width: '90px',
    cell: ({ type }) => <span className="quiet">{type}</span>,
    sort: ({ type }) => type,
  },
  {
    id: 'assignor',
    title: 'Assignor',
    width: '130px',
    cell: ({ protocol }) => protocol,
    sort: ({ protocol }) => protocol,
  },
  {
    id: 'members',
    title: 'Members',
    width: '80px',
    numeric: true,
    cell: ({ members }) => members,
    sort: ({ members }) => members,
  },
  {
    id: 'epoch',
    title: 'Generation',
    width: '90px',
    numeric: true,
    cell: ({ epoch }) => epoch,
    sort: ({ epoch }) => epoch,
  },
  { id: 'lag', title: 'Lag', width: '110px', numeric: true, cell: ({ lag }) => integer(lag), sort: ({ lag }) => lag },
  {
    id: 'history',
    title: 'Last two minutes',
    width: '110px',
    cell: ({ lagHistory }) => <Spark values={lagHistory} label="Lag of the last two minutes" />,
  },
  { id: 'topics', title: 'Topics', width: 'minmax(120px, 2fr)', cell: ({ topics }) => topics.join(', ') },
]

export function GroupsPage() {
  const { subject } = useRoute()
  return subject === null ? <GroupList /> : <GroupPage key={subject} groupId={subject} />
}

function GroupList() {
  const { value: groups } = useFeed('groups', undefined)
  if (!groups) return null
  return (
    <>
      <header className={page.header}>
        <h1>Groups</h1>
      </header>
      <Table
        label="Groups"
        rows={groups}
        columns={columns}
        rowKey={({ groupId }) => groupId}
        onOpen={({ groupId }) => go('groups', groupId)}
        initialSort={{ id: 'group', descending: false }}
        empty={<Empty>No consumer group has been here yet.</Empty>}
      />
    </>
  )
}
