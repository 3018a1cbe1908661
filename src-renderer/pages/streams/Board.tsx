import { useRef } from 'react'
import type {
  BoardMember,
  BoardSubtopology,
  BoardTask,
  StreamsBoard,
  TaskPlace,
} from '../../../src-main/contract/streams'
import css from './streams.module.css'
import { taskName } from './task-name'
import { texts } from './texts'
import type { ThreadNames } from './thread-names'
import { useMoves } from './useMoves'
import { placeText } from './words'

interface Props {
  readonly board: StreamsBoard
  readonly names: ThreadNames
  /** The task that is open. */
  readonly chosen: string | null
  readonly onChoose: (task: string) => void
}

/** Subtopologies as rows, members as columns by their process, tasks as cells that move from one member to another. */
export function Board({ board, names, chosen, onChoose }: Props) {
  const { subtopologies, instances, moreMembers, moreSubtopologies, moreTasks } = board
  const table = useRef<HTMLTableElement>(null)
  useMoves(table)
  if (subtopologies.length === 0) return <p className="quiet">{texts.noTopology}</p>
  const members = instances.flatMap((instance) => instance.members)
  const shown = new Set(members.map(({ memberId }) => memberId))
  const hasFree = subtopologies.some(({ tasks }) => tasks.some(isFree))
  const cell = (subtopology: BoardSubtopology, isHere: (place: TaskPlace) => boolean) =>
    subtopology.tasks.flatMap((task) =>
      task.places.filter(isHere).map((place) => {
        const name = taskName(subtopology.id, task.partition)
        return (
          <Chip
            key={`${name} ${place.memberId} ${place.role}`}
            name={name}
            place={place}
            names={names}
            isOpen={name === chosen}
            onChoose={onChoose}
          />
        )
      }),
    )
  return (
    <>
      <Legend />
      <div className={css.scroll}>
        <table ref={table} className={css.board} aria-label={texts.boardLabel}>
          <thead>
            <tr>
              <th rowSpan={2}>{texts.subtopology}</th>
              {hasFree && (
                <th className={css.column} rowSpan={2}>
                  {texts.unassigned}
                </th>
              )}
              {instances.map(({ processId, host, endpoint, members: threads }) => (
                <th
                  key={processId}
                  className={css.column}
                  scope="colgroup"
                  colSpan={threads.length}
                  title={texts.instanceTitle(processId, host.replace('/', ''), endpoint)}
                >
                  {names.instance(threads[0]?.memberId ?? '') ?? texts.instance(processId.slice(0, 8))}
                  {endpoint !== null && <div className="quiet">{endpoint}</div>}
                </th>
              ))}
              {moreMembers > 0 && (
                <th className={css.column} rowSpan={2}>
                  {texts.otherMembers(moreMembers)}
                </th>
              )}
            </tr>
            <tr>
              {members.map((member) => (
                <MemberHead key={member.memberId} member={member} names={names} />
              ))}
            </tr>
          </thead>
          <tbody>
            {subtopologies.map((subtopology) => (
              <tr key={subtopology.id}>
                <th scope="row">
                  {texts.subtopologyNamed(subtopology.id)}
                  <div className="quiet">{texts.taskCount(subtopology.taskCount)}</div>
                </th>
                {hasFree && (
                  <td>
                    <div className={css.cell}>
                      {subtopology.tasks.filter(isFree).map(({ partition }) => {
                        const name = taskName(subtopology.id, partition)
                        return (
                          <button
                            key={name}
                            type="button"
                            className={`${css.chip} ${css.free}`}
                            data-moves={`${name} active`}
                            aria-label={texts.unassignedTask(name)}
                            aria-pressed={name === chosen}
                            title={texts.unassignedTask(name)}
                            onClick={() => onChoose(name)}
                          >
                            {name}
                          </button>
                        )
                      })}
                    </div>
                  </td>
                )}
                {members.map(({ memberId }) => (
                  <td key={memberId}>
                    <div className={css.cell}>{cell(subtopology, (place) => place.memberId === memberId)}</div>
                  </td>
                ))}
                {moreMembers > 0 && (
                  <td>
                    <div className={css.cell}>{cell(subtopology, (place) => !shown.has(place.memberId))}</div>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {subtopologies.every(({ taskCount }) => taskCount === null) && <p className="quiet">{texts.noTasks}</p>}
      {moreTasks > 0 && <p className="quiet">{texts.moreTasks(moreTasks)}</p>}
      {moreSubtopologies > 0 && <p className="quiet">{texts.moreSubtopologies(moreSubtopologies)}</p>}
    </>
  )
}

/** Nobody runs it, and nobody waits to. */
function isFree({ places }: BoardTask): boolean {
  return !places.some(({ role }) => role === 'active')
}

function MemberHead({ member, names }: { readonly member: BoardMember; readonly names: ThreadNames }) {
  const { memberId, state } = member
  return (
    <th className={css.column} scope="col" title={memberId}>
      <span className={css.swatch} style={{ background: names.hue(memberId) }} aria-hidden /> {names.thread(memberId)}
      {state !== 'stable' && <div className="quiet">{texts.memberState[state]}</div>}
    </th>
  )
}

/** A task at a member. The one that runs it, or will, is the one that is seen to move. */
function Chip({
  name,
  place,
  names,
  isOpen,
  onChoose,
}: {
  readonly name: string
  readonly place: TaskPlace
  readonly names: ThreadNames
  readonly isOpen: boolean
  readonly onChoose: (task: string) => void
}) {
  const { role, phase, memberId } = place
  const says = placeText(name, place, names)
  const hue = names.hue(memberId)
  const isFilled = role === 'active' && phase !== 'waiting'
  return (
    <button
      type="button"
      className={`${css.chip} ${css[role]} ${css[phase]}`}
      style={isFilled ? { background: hue } : { borderColor: hue }}
      data-moves={phase === 'waiting' ? undefined : role === 'active' ? `${name} active` : `${name} ${memberId}`}
      aria-label={says}
      aria-pressed={isOpen}
      title={says}
      onClick={() => onChoose(name)}
    >
      {texts.sign[phase]}
      {name}
    </button>
  )
}

function Legend() {
  const samples = [
    ['active', `${css.active} ${css.held}`],
    ['standby', `${css.standby} ${css.held}`],
    ['warmup', `${css.warmup} ${css.held}`],
    ['revoking', `${css.active} ${css.revoking}`],
    ['waiting', `${css.active} ${css.waiting}`],
  ] as const
  return (
    <p className={css.legend}>
      {samples.map(([id, look]) => (
        <span key={id}>
          <i className={`${css.sample} ${look}`} aria-hidden /> {texts.legend[id]}
        </span>
      ))}
    </p>
  )
}
