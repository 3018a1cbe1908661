import { useRef, useState } from 'react'
import type { GroupDetail } from '../../../src-main/contract/groups'
import type { DeadLetterTopic, ShareLane, ShareLanes } from '../../../src-main/contract/share'
import { type Names, namesOf } from '../../format/members'
import { integer } from '../../format/numbers'
import { Capable } from '../../parts/Capable'
import { Empty } from '../../parts/Empty'
import { Pane } from '../../parts/Pane'
import { useVisibleRows } from '../../parts/useVisibleRows'
import { useBrokerClock } from '../../stores/broker-clock'
import { useFeed } from '../../stores/feed'
import { href } from '../../stores/route'
import page from '../pages.module.css'
import { LaneDetails } from './LaneDetails'
import css from './shares.module.css'
import { Track } from './Track'
import { texts } from './texts'
import { Workers } from './Workers'
import { whySentence } from './why'

/** Height of a lane in pixels, as in shares.module.css. */
const laneHeight = 58
/** Lanes are fetched in steps, so that not every pixel of scrolling asks again. */
const step = 20
const fetched = 60
const paneWidth = 420

/** A share group as lanes of offsets: which records are held by whom, until when, and why nothing is delivered. */
export function Deliveries({ group }: { readonly group: GroupDetail }) {
  return (
    <Capable needs={['share.lanes']}>
      <Lanes group={group} />
    </Capable>
  )
}

function Lanes({ group }: { readonly group: GroupDetail }) {
  const { groupId, members } = group
  const scroller = useRef<HTMLDivElement>(null)
  const before = useRef<ShareLanes | null>(null)
  const [from, setFrom] = useState(0)
  const [chosen, setChosen] = useState<string | null>(null)
  const [width, setWidth] = useState(paneWidth)
  const { value, problem, hasCome } = useFeed('share.lanes', { groupId, from, count: fetched })
  if (value) before.current = value
  const shown = value ?? before.current
  const total = shown?.total ?? 0
  const { rows, totalHeight } = useVisibleRows(scroller, Array<number>(total).fill(laneHeight))
  const wanted = Math.max(0, Math.floor(((rows[0]?.index ?? 0) - step / 2) / step) * step)
  if (hasCome && wanted !== from) setFrom(wanted)
  const now = useBrokerClock(shown?.at ?? null, shown?.workers.some(({ held }) => held > 0) ?? false)
  const names = namesOf(members)
  if (problem) return <Empty>{problem}</Empty>
  if (!shown) return null
  const open = shown.lanes.find((lane) => keyOf(lane) === chosen)
  return (
    <div className={page.split}>
      <div className={css.main}>
        <div className={css.workers}>
          <h2 className={page.section}>{texts.holders}</h2>
          <Workers group={group} workers={shown.workers} names={names} now={now} />
        </div>
        <div className={css.summary}>
          <div className={css.headline}>
            <h2 className={page.section}>{texts.lanes}</h2>
            <a href={href('groups', groupId, 'reset')}>{texts.change}</a>
            {shown.deadLetters && <DeadLetters {...shown.deadLetters} />}
            <Legend />
          </div>
          <p className="quiet" title={texts.countsTitle}>
            {texts.counts(shown.counts)}{' '}
            <a href={`${href('groups', groupId, 'rebalances')}?causes=deliveries`}>{texts.history}</a>
          </p>
        </div>
        {total === 0 && <Empty>{texts.empty}</Empty>}
        {total > 0 && <Heads />}
        <div className={css.lanes} ref={scroller}>
          <div style={{ height: totalHeight, position: 'relative' }}>
            {rows.map(({ index, top }) => {
              const lane = shown.lanes[index - shown.from]
              if (!lane) return null
              const key = keyOf(lane)
              return (
                <div key={key} className={css.place} style={{ top }}>
                  <Lane
                    lane={lane}
                    names={names}
                    now={now}
                    isOpen={key === chosen}
                    onOpen={() => setChosen(key === chosen ? null : key)}
                  />
                </div>
              )
            })}
          </div>
        </div>
      </div>
      {open && (
        <Pane label={texts.open(open.topic, open.partition)} width={width} onWidth={setWidth}>
          <div className={page.paneHead}>
            <h2>{texts.open(open.topic, open.partition)}</h2>
          </div>
          <LaneDetails groupId={groupId} lane={open} names={names} now={now} />
        </Pane>
      )}
    </div>
  )
}

const keyOf = ({ topic, partition }: ShareLane) => `${topic}:${partition}`

function Heads() {
  const { heads } = texts
  return (
    <div className={`${css.lane} ${css.heads}`}>
      <span>{heads.partition}</span>
      <span className="number">{heads.start}</span>
      <span>{heads.window}</span>
      <span className="number">{heads.logEnd}</span>
      <span className="number" title={heads.inFlightTitle}>
        {heads.inFlight}
      </span>
      <span className="number" title={heads.lagTitle}>
        {heads.lag}
      </span>
    </div>
  )
}

function Lane({
  lane,
  names,
  now,
  isOpen,
  onOpen,
}: {
  readonly lane: ShareLane
  readonly names: Names
  readonly now: number
  readonly isOpen: boolean
  readonly onOpen: () => void
}) {
  const { topic, partition, start, logEnd, inFlight, maxInFlight, lag, why } = lane
  const sentence = why.map((one) => whySentence(one, names, now)).join(' ')
  return (
    <div className={css.lane}>
      <button
        type="button"
        className={css.name}
        aria-expanded={isOpen}
        onClick={onOpen}
        title={`${topic} ${partition}`}
      >
        {topic} {partition}
      </button>
      <span className="number">{start === null ? texts.notBegun : integer(start)}</span>
      <Track lane={lane} names={names} now={now} />
      <span className="number">{integer(logEnd)}</span>
      <span className="number">{texts.inFlight(inFlight, maxInFlight)}</span>
      <span className="number">{integer(lag)}</span>
      <p className={css.why} title={sentence}>
        {sentence}
      </p>
    </div>
  )
}

/** Where the records go that the group gives up, or why they do not. */
function DeadLetters({ topic, problem }: DeadLetterTopic) {
  if (problem !== null) return <span className={page.problem}>{texts.deadLetters.problem[problem](topic)}</span>
  return (
    <a href={href('messages', topic)}>
      {texts.deadLetters.title}: {topic}
    </a>
  )
}

function Legend() {
  return (
    <span className={css.legend}>
      {(['acquired', 'available', 'acknowledged', 'archived', 'rest'] as const).map((state) => (
        <span key={state}>
          <i className={`${css.sample} ${css[state]}`} aria-hidden /> {texts.legend[state]}
        </span>
      ))}
    </span>
  )
}
