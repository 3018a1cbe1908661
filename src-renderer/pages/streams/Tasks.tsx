import { useState } from 'react'
import { causeText } from '../../../src-main/contract/causes'
import type { GroupDetail } from '../../../src-main/contract/groups'
import type { BoardNote, StreamsBoard } from '../../../src-main/contract/streams'
import type { Names } from '../../format/members'
import { clockTime } from '../../format/time'
import { Capable } from '../../parts/Capable'
import { Empty } from '../../parts/Empty'
import { Pane } from '../../parts/Pane'
import { useBrokerClock } from '../../stores/broker-clock'
import { useCan } from '../../stores/can'
import { useFeed } from '../../stores/feed'
import { href } from '../../stores/route'
import page from '../pages.module.css'
import { Board } from './Board'
import { InternalTopics } from './InternalTopics'
import css from './streams.module.css'
import { TaskDetails } from './TaskDetails'
import { Topology } from './Topology'
import { taskName } from './task-name'
import { texts } from './texts'
import { threadNamesOf } from './thread-names'
import { noteText } from './words'

const paneWidth = 420

/** A streams group as a board: which member runs which task, what is moving, and why. */
export function Tasks({ group }: { readonly group: GroupDetail }) {
  return (
    <Capable needs={['streams.board']}>
      <View group={group} />
    </Capable>
  )
}

function View({ group }: { readonly group: GroupDetail }) {
  const { groupId } = group
  const [chosen, setChosen] = useState<string | null>(null)
  const [width, setWidth] = useState(paneWidth)
  const { value: board, problem, hasCome } = useFeed('streams.board', { groupId })
  const isTimed = board?.notes.some((note) => note.kind === 'initialDelay' || note.kind === 'revoking') ?? false
  const now = useBrokerClock(board?.at ?? null, isTimed)
  const names = threadNamesOf(group.members)
  if (problem) return <Empty>{problem}</Empty>
  if (!hasCome) return null
  if (!board) return <Empty>{texts.gone}</Empty>
  const open = board.subtopologies
    .flatMap(({ id, tasks }) => tasks.map((task) => ({ name: taskName(id, task.partition), task })))
    .find(({ name }) => name === chosen)
  return (
    <div className={page.split}>
      <div>
        <section className={page.scroll} aria-label={texts.board} tabIndex={0}>
          <Notes board={board} names={names} now={now} />
          <h2 className={page.section}>{texts.board}</h2>
          <Board
            board={board}
            names={names}
            chosen={chosen}
            onChoose={(name) => setChosen(name === chosen ? null : name)}
          />
          <h2 className={page.section}>{texts.rebalance.title}</h2>
          <Rebalance board={board} groupId={groupId} />
          <Topology board={board} />
          <h2 className={page.section}>{texts.topics.title}</h2>
          <InternalTopics topics={board.topics} more={board.moreTopics} />
        </section>
      </div>
      {open && (
        <Pane label={texts.task.title(open.name)} width={width} onWidth={setWidth}>
          <TaskDetails name={open.name} task={open.task} names={names} now={now} onClose={() => setChosen(null)} />
        </Pane>
      )}
    </div>
  )
}

const bad = new Set<BoardNote['kind']>(['missingSources', 'wrongPartitions', 'shutdown', 'missingInternal', 'patterns'])

function Notes({ board, names, now }: { readonly board: StreamsBoard; readonly names: Names; readonly now: number }) {
  const { notes, moreNotes } = board
  return (
    <ul className={css.notes} aria-label={texts.state}>
      {notes.map((note) => (
        <li
          key={note.kind + ('memberId' in note ? note.memberId : '')}
          className={bad.has(note.kind) ? page.problem : undefined}
        >
          {noteText(note, names, now)}{' '}
          {note.kind === 'missingSources' && <a href={href('topics')}>{texts.note.createTopic}</a>}
        </li>
      ))}
      {moreNotes > 0 && <li className="quiet">{texts.moreNotes(moreNotes)}</li>}
    </ul>
  )
}

function Rebalance({ board, groupId }: { readonly board: StreamsBoard; readonly groupId: string }) {
  const { rebalance } = board
  const can = useCan('rebalances')
  if (can !== true) return <p className="quiet">{can}</p>
  return (
    <p>
      {rebalance ? (
        <>
          <span className="data">{clockTime(rebalance.at)}</span> {causeText(rebalance.causes)}
        </>
      ) : (
        <span className="quiet">{texts.rebalance.none}</span>
      )}{' '}
      <a href={href('groups', groupId, 'rebalances')}>{texts.rebalance.all}</a>
    </p>
  )
}
