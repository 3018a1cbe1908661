import { memberName } from '../../format/members'
import { counted } from '../../format/numbers'
import { span } from '../../format/time'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { attempt } from '../../stores/notices'
import page from '../pages.module.css'
import { type Lane, movedIn, ownersOf, type Rebalance } from './model'
import css from './rebalances.module.css'

/** Why, how long, who was waited for; and the assignment before and after, with what moved. */
export function RebalanceDetail({
  groupId,
  rebalance,
  lanes,
}: {
  readonly groupId: string
  readonly rebalance: Rebalance
  readonly lanes: readonly Lane[]
}) {
  const moved = movedIn(rebalance)
  const name = (memberId: string) => {
    const lane = lanes.find((candidate) => candidate.memberId === memberId)
    return lane ? memberName(lane.member) : memberId.slice(-6)
  }
  const hue = (memberId: string) =>
    `var(--hue-${
      Math.max(
        0,
        lanes.findIndex((lane) => lane.memberId === memberId),
      ) % 8
    })`
  const members = [...new Set([...Object.keys(rebalance.before), ...Object.keys(rebalance.after)])]
  const took = rebalance.toAt === null ? null : rebalance.toAt - rebalance.fromAt
  const save = () =>
    attempt(async () => {
      const text = await ask('rebalances.export', { groupId, from: rebalance.seq, to: rebalance.lastSeq })
      const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
      const link = document.createElement('a')
      link.href = url
      link.download = `${groupId}-${rebalance.epoch}.txt`
      link.click()
      URL.revokeObjectURL(url)
    })
  return (
    <>
      <div style={{ display: 'flex', gap: 12, alignItems: 'baseline' }}>
        <h2>{rebalance.cause}</h2>
        <span className={page.spacer} />
        <Button onClick={save}>Export scenario</Button>
      </div>
      <p className="quiet" style={{ margin: '4px 0 14px' }}>
        {took === null ? 'still running' : `took ${span(took)}`}
        {rebalance.waitedFor && rebalance.waitedFor.ms > 0
          ? `, ${span(rebalance.waitedFor.ms)} of it waiting for ${name(rebalance.waitedFor.memberId)}`
          : ''}
        {moved.size > 0 ? `, ${counted(moved.size, 'partition')} moved` : ''}
      </p>
      <div className={css.matrix}>
        <span />
        <span className="quiet">before</span>
        <span className="quiet">after, generation {rebalance.epoch}</span>
        {members.map((memberId) => (
          <div key={memberId} style={{ display: 'contents' }}>
            <span>{name(memberId)}</span>
            <Cells owners={ownersOf(rebalance.before)} memberId={memberId} hue={hue(memberId)} moved={new Set()} />
            <Cells owners={ownersOf(rebalance.after)} memberId={memberId} hue={hue(memberId)} moved={moved} />
          </div>
        ))}
      </div>
    </>
  )
}

function topicOf(partition: string): string {
  return partition.slice(0, partition.lastIndexOf(':'))
}

function Cells({
  owners,
  memberId,
  hue,
  moved,
}: {
  readonly owners: ReadonlyMap<string, string>
  readonly memberId: string
  readonly hue: string
  readonly moved: ReadonlySet<string>
}) {
  const own = [...owners].filter(([, owner]) => owner === memberId).map(([partition]) => partition)
  if (own.length === 0) return <span className="quiet">–</span>
  const topics = [...new Set(own.map(topicOf))].sort()
  return (
    <span className={page.cells}>
      {topics.map((topic) => (
        <span key={topic} className={page.cells}>
          <span className="quiet">{topic}</span>
          {own
            .filter((partition) => topicOf(partition) === topic)
            .map((partition) => (
              <span
                key={partition}
                className={moved.has(partition) ? `${page.cell} ${page.moved}` : page.cell}
                style={{ background: hue }}
              >
                {partition.slice(topic.length + 1)}
              </span>
            ))}
        </span>
      ))}
    </span>
  )
}
