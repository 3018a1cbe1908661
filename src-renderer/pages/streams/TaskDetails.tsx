import type { BoardTask } from '../../../src-main/contract/streams'
import type { Names } from '../../format/members'
import { integer } from '../../format/numbers'
import { Button } from '../../parts/Button'
import { href } from '../../stores/route'
import page from '../pages.module.css'
import css from './streams.module.css'
import { texts } from './texts'
import { leftUntil, memberList } from './words'

/** Where a task is, how far its copies are, and how far it has read. */
export function TaskDetails({
  name,
  task,
  names,
  now,
  onClose,
}: {
  readonly name: string
  readonly task: BoardTask
  readonly names: Names
  readonly now: number
  readonly onClose: () => void
}) {
  const { places, inputs, partition } = task
  const { task: say } = texts
  return (
    <>
      <div className={page.paneHead}>
        <h2>{say.title(name)}</h2>
        <Button look="plain" onClick={onClose}>
          {say.close}
        </Button>
      </div>
      <h3 className={page.section}>{say.places}</h3>
      {places.length === 0 && <p className="quiet">{say.nobody}</p>}
      {places.length > 0 && (
        <table className={css.table}>
          <thead>
            <tr>
              <th>{say.member}</th>
              <th>{say.role}</th>
              <th>{say.doing}</th>
              <th className={`number ${css.whole}`}>{say.restored}</th>
            </tr>
          </thead>
          <tbody>
            {places.map((place) => (
              <tr key={`${place.memberId} ${place.role}`}>
                <td title={place.memberId}>{names.of(place.memberId)}</td>
                <td className={css.whole}>{say.roles[place.role]}</td>
                <td>
                  {say.phase(
                    place,
                    memberList(place.waitsFor, names),
                    place.deadline === null ? null : leftUntil(place.deadline, now),
                  )}
                </td>
                <td className={`number ${css.whole}`}>{say.progress(place.offset, place.endOffset)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <h3 className={page.section}>{say.inputs}</h3>
      {inputs.length === 0 && <p className="quiet">{say.noInputs}</p>}
      {inputs.length > 0 && (
        <table className={css.table}>
          <thead>
            <tr>
              <th>{say.partition}</th>
              <th className={`number ${css.whole}`}>{say.committed}</th>
              <th className={`number ${css.whole}`}>{say.end}</th>
              <th className={`number ${css.whole}`}>{say.lag}</th>
            </tr>
          </thead>
          <tbody>
            {inputs.map((input) => (
              <tr key={input.topic}>
                <td>
                  <a className={page.link} href={`${href('messages', input.topic)}?partition=${partition}`}>
                    {input.topic} {partition}
                  </a>
                </td>
                <td className="number">{input.committed === null ? say.notCommitted : integer(input.committed)}</td>
                <td className="number">{integer(input.end)}</td>
                <td className="number">{say.lagOf(input)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}
