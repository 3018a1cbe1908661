import { useCan } from '../../stores/can'
import { href } from '../../stores/route'
import { transactionSnippet } from '../home/transaction-snippet'
import { Heads, LaneView } from './Lanes'
import { axisOf, lanesOf } from './lanes'
import { texts } from './texts'
import css from './transactions.module.css'

/** What an open transaction would look like. It is of today, so that its axis has times without dates. */
const sampleNow = Date.now()
const samples = lanesOf([
  {
    transactionalId: 'checkout-1',
    producerId: '7',
    producerEpoch: 0,
    state: 'Ongoing',
    partitions: ['orders:0', 'payments:2'],
    startedAt: sampleNow - 42_000,
    updatedAt: sampleNow - 9000,
    timeoutMs: 60_000,
    committed: 12,
    aborted: 0,
    ended: [],
    blocked: [
      {
        topic: 'orders',
        partition: 0,
        records: 12,
        groups: [
          { groupId: 'billing', isolation: 'read_committed' },
          { groupId: 'dashboard', isolation: 'read_uncommitted' },
        ],
        others: [],
      },
      { topic: 'payments', partition: 2, records: 3, groups: [], others: [] },
    ],
  },
])

/**
 * In the place of the lanes while no transaction is open: what one is, and until a client has used one, an example and where to find a program
 * that opens one.
 */
export function NoneOpen({ isUnused }: { readonly isUnused: boolean }) {
  return (
    <section className={css.noneOpen} aria-label={texts.lanes.title}>
      <div className={css.openHead}>
        <h2>{isUnused ? texts.lanes.unused : texts.lanes.noneOpen}</h2>
      </div>
      <p className="quiet">{texts.lanes.about}</p>
      {isUnused && <Example />}
    </section>
  )
}

function Example() {
  const axis = axisOf(samples, sampleNow)
  const isOwn = useCan('workspace.copy') === true
  return (
    <>
      <figure className={css.example}>
        <figcaption>{texts.lanes.example}</figcaption>
        <div inert>
          <Heads axis={axis} />
          {samples.map((lane) => (
            <LaneView key={lane.line.transactionalId} lane={lane} axis={axis} />
          ))}
        </div>
      </figure>
      {isOwn && <a href={`${href('home')}?client=${transactionSnippet.id}`}>{texts.lanes.snippet}</a>}
    </>
  )
}
