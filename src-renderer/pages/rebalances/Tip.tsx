import { useLayoutEffect, useRef } from 'react'
import { clockTime, span } from '../../format/time'
import { useFeed } from '../../stores/feed'
import look from './detail.module.css'
import type { History, Rebalance } from './history'
import type { Hit } from './hit'
import marks from './members.module.css'
import { summary } from './RebalanceDetail'
import type { Roster } from './roster'
import { phaseWord, stageWord } from './words'

/** Description of what is under the pointer. */
export function Tip({
  hit: { line, lane, stretch },
  rebalance,
  history,
  roster,
  groupId,
  x,
  y,
}: {
  readonly hit: Hit
  readonly rebalance: Rebalance | null
  readonly history: History
  readonly roster: Roster
  readonly groupId: string
  readonly x: number
  readonly y: number
}) {
  const { value: group } = useFeed('group', { groupId })
  const library = group?.members.find(({ memberId }) => memberId === lane?.memberId)?.library ?? ''
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const left = x + 14 + element.offsetWidth > innerWidth - 8 ? x - element.offsetWidth - 10 : x + 14
    const top = y + 16 + element.offsetHeight > innerHeight - 8 ? y - element.offsetHeight - 10 : y + 16
    element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`
  })
  if (!line && !stretch) return null
  return (
    <div ref={box} className={look.tip} role="tooltip">
      {line && (
        <>
          <b>{line.cause}</b>
          {rebalance && <span>{summary(rebalance, history, roster)}</span>}
          {rebalance && rebalance.stages.length > 0 && (
            <span className="quiet">
              {rebalance.stages
                .map(({ state, from, to }) => `${stageWord(state)} ${to === null ? '…' : span(to - from)}`)
                .join(', ')}
            </span>
          )}
        </>
      )}
      {lane && stretch && (
        <span className={line ? look.tipLane : look.tipWho}>
          <span className={marks.swatch} style={{ background: roster.color(lane.memberId) }}>
            {roster.number(lane.memberId)}
          </span>
          <b>{roster.name(lane.memberId)}</b> {phaseWord(stretch.phase, history.type)}{' '}
          {stretch.to === null
            ? `since ${clockTime(stretch.from)}, ${span(Date.now() - stretch.from)}`
            : `from ${clockTime(stretch.from)}, for ${span(stretch.to - stretch.from)}`}
        </span>
      )}
      {lane && stretch && (
        <span className="data quiet">
          {[lane.member.clientHost.replace('/', ''), library, lane.memberId].filter(Boolean).join(' · ')}
        </span>
      )}
    </div>
  )
}
