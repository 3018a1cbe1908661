import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { MemberSession } from '../../../src-main/contract/groups'
import { span } from '../../format/time'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { download } from '../../parts/download'
import { Empty } from '../../parts/Empty'
import { claimFocus } from '../../stores/arrival'
import { useFeed } from '../../stores/feed'
import { attempt } from '../../stores/notices'
import { Causes } from './Causes'
import { type CauseFilter, passes } from './causes'
import { type History, type Lane, lastBefore, movedIn, ownedAt, type Rebalance } from './history'
import type { Hit } from './hit'
import { LaneName, LaneOwned, shortTopics } from './LaneRows'
import { Lanes } from './Lanes'
import { Legend } from './Legend'
import { inTime, type RebalanceLine } from './lines'
import { RebalanceDetail } from './RebalanceDetail'
import { RebalanceList } from './RebalanceList'
import css from './rebalances.module.css'
import { Roster, shortLabels } from './roster'
import { Strip } from './Strip'
import { Tip } from './Tip'
import { texts } from './texts'
import { useHistory, useJournal } from './useJournal'
import { useTick } from './useTick'
import { useView } from './useView'
import { shortestSpanMs } from './view'
import { epochWord } from './words'

const longestSpanMs = 3_600_000
/** Lanes that are visible at once without scrolling. */
const fewLanes = 14
/** Part of the window's height that the lanes may take. */
const lanesPart = 0.34
/** A heartbeat is overdue after this many of its intervals; sessions are checked once per second. */
const overdue = 1.5
const lookSlackMs = 1000

/** Timeline of a group: a lane per member, the right edge is now. Dragging goes back, the wheel zooms, arrows step through rebalances. */
export function Timeline({ groupId }: { readonly groupId: string }) {
  const journal = useJournal(groupId)
  const { live, problem, isRead } = journal
  const lines = useMemo(() => inTime(journal.lines), [journal.lines])
  const { value: sessions } = useFeed('rebalances.sessions', { groupId })
  const [view, change] = useView()
  const { spanMs, endAt, selected } = view
  useTick()
  const nowAt = Date.now()
  const toAt = endAt ?? nowAt
  const history = useHistory(groupId, journal, toAt - spanMs, toAt)
  const roster = useRef(new Roster()).current
  const { value: hues } = useFeed('group.hues', { groupId })
  if (hues) roster.hues = hues
  const [hover, setHover] = useState<{ hit: Hit; x: number; y: number } | null>(null)
  const [listed, setListed] = useState<number | null>(null)
  const most = useRef(0)
  const page = useRef<HTMLDivElement>(null)
  // Its keys work from the start.
  useEffect(() => claimFocus(page.current), [isRead])

  const { kinds, find } = view
  const filter = useMemo<CauseFilter>(() => ({ kinds, find }), [kinds, find])
  const shown = useMemo(() => lines.filter((line) => passes(filter, line)), [lines, filter])
  const isDimmed = useCallback((line: RebalanceLine) => !passes(filter, line), [filter])
  const chosen = lines.find(({ seq }) => seq === selected) ?? shown[shown.length - 1] ?? null
  const hovered = hover?.hit.line?.seq ?? listed
  const lit = lines.find(({ seq }) => seq === hovered) ?? chosen

  const lanes = lanesIn(history ?? live, toAt - spanMs, toAt)
  roster.meet(lanes, (history ?? live).lanes.values())
  const labels = shortLabels(lanes.map(({ memberId }) => [memberId, roster.name(memberId)]))
  const silent = silentOf(sessions ?? [], nowAt)
  const sinceAt = Math.min(lines[0]?.fromAt ?? nowAt, live.fromAt, nowAt)

  const topics = [...new Set(lanes.flatMap(({ member }) => Object.keys(member.assigned)))].sort().join(' ')
  const shorten = useMemo(() => shortTopics(topics.split(' ')), [topics])

  const select = (line: RebalanceLine | null) => {
    if (!line) {
      change({ selected: null })
      return
    }
    const isInSight = line.fromAt >= toAt - spanMs && (line.toAt ?? nowAt) <= toAt
    const end = (line.toAt ?? nowAt) + spanMs * 0.3
    change({ selected: line.seq, ...(isInSight ? {} : { endAt: end >= nowAt ? null : end }) })
  }
  const onSelect = useCallback(select, [toAt, spanMs])
  const fit = (line: RebalanceLine) => {
    const until = line.toAt ?? nowAt
    // A short one is centred too.
    const wide = Math.max(200, until - line.fromAt) * 1.6
    change({ selected: line.seq, spanMs: wide, endAt: (line.fromAt + until + wide) / 2 })
  }
  const zoom = (factor: number, part: number) => {
    const next = Math.min(Math.max(longestSpanMs, nowAt - sinceAt), Math.max(shortestSpanMs, spanMs * factor))
    change({ spanMs: next, endAt: endAt === null ? null : endAt + (next - spanMs) * (1 - part) })
  }
  const pan = (end: number) => change({ endAt: end >= Date.now() ? null : end })
  const step = (by: number) => {
    const at = shown.findIndex(({ seq }) => seq === chosen?.seq)
    select(shown[Math.min(shown.length - 1, Math.max(0, at + by))] ?? null)
  }
  const onKey = (event: KeyboardEvent) => {
    const first = shown[0]
    const actions: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => step(-1),
      ArrowRight: () => step(1),
      Home: () => first && select(first),
      End: () => change({ selected: null, endAt: null }),
      PageUp: () => pan(toAt - spanMs),
      PageDown: () => pan(toAt + spanMs),
      '+': () => zoom(1 / 1.5, 0.5),
      '=': () => zoom(1 / 1.5, 0.5),
      '-': () => zoom(1.5, 0.5),
      Enter: () => chosen && fit(chosen),
      Escape: () => change({ selected: null }),
      // As in the list, where the newest is on top.
      ArrowDown: () => step(-1),
      ArrowUp: () => step(1),
    }
    const action = actions[event.key]
    if (!action || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    const isControl = event.target instanceof Element && event.target.closest('button, a') !== null
    if (isTyping(event.target) || (isControl && event.key === 'Enter')) return
    event.preventDefault()
    action()
  }

  if (!isRead) return problem === null ? null : <Lost problem={problem} onOpen={journal.open} />
  if (lines.length === 0 && live.lanes.size === 0) return <Empty>{texts.noFrames}</Empty>
  const source = history ?? live
  const found = rebalanceOf(lit, source, live)
  // While time runs, a lane that leaves the window does not pull up what is below.
  most.current = endAt === null ? Math.max(most.current, lanes.length) : 0
  const room = Math.max(most.current, lanes.length)
  const height = Math.max(22, Math.min(56, Math.floor((innerHeight * lanesPart) / Math.max(1, room))))
  const ownedWhen = hover?.hit.line ? (hover.hit.line.toAt ?? toAt) : toAt
  const moved: ReadonlySet<string> = hover?.hit.line && found ? new Set(movedIn(found).keys()) : none
  const inSight = lines.filter((line) => line.fromAt <= toAt && (line.toAt ?? nowAt) >= toAt - spanMs)
  return (
    <div ref={page} className={css.page} tabIndex={-1} onKeyDown={onKey}>
      {problem !== null && <Lost problem={problem} onOpen={journal.open} />}
      <Strip
        {...{ lines, isDimmed, sinceAt, nowAt, toAt }}
        fromAt={toAt - spanMs}
        onMove={pan}
        onZoom={(factor) => zoom(factor, 0.5)}
      />
      <Lanes
        look={{
          lanes,
          hueOf: (memberId) => roster.hue(memberId),
          laneHeight: height,
          lines,
          isDimmed,
          selected: chosen?.seq ?? null,
          hovered,
          silentSince: new Map([...silent.values()].map(({ memberId, heardAt }) => [memberId, heardAt])),
        }}
        {...{ spanMs, endAt, room }}
        word={live.type === 'classic' ? 'gen' : 'epoch'}
        names={lanes.map((lane) => (
          <LaneName
            key={lane.memberId}
            name={labels.get(lane.memberId) ?? roster.name(lane.memberId)}
            title={`${roster.name(lane.memberId)}\n${lane.memberId}\n${lane.member.clientHost.replace('/', '')}`}
            number={roster.number(lane.memberId)}
            color={roster.color(lane.memberId)}
            height={height}
            isGone={isGoneAt(lane, toAt)}
          />
        ))}
        owned={lanes.map((lane) => (
          <LaneOwned
            key={lane.memberId}
            assigned={ownedAt(lane, ownedWhen)}
            color={roster.color(lane.memberId)}
            height={height}
            session={endAt === null && !isGoneAt(lane, toAt) ? (silent.get(lane.memberId) ?? null) : null}
            isGone={isGoneAt(lane, toAt)}
            {...{ moved, shorten }}
          />
        ))}
        place={{
          index: shown.findIndex(({ seq }) => seq === chosen?.seq),
          count: shown.length,
          text: chosen ? `${epochWord(live.type)} ${chosen.epoch}: ${chosen.cause}` : texts.nothingSelected,
        }}
        onPan={pan}
        onZoom={zoom}
        onHover={(hit, x, y) => setHover(hit && { hit, x, y })}
        onSelect={select}
        onFit={fit}
      />
      <div className={css.tools}>
        <Legend type={live.type} />
        <span className={css.spacer} />
        {history === null && <span className="quiet">{texts.timeline.loading}</span>}
        <span className="quiet">{texts.timeline.window(span(spanMs))}</span>
        <Button aria-label={texts.timeline.zoomOut} onClick={() => zoom(1.5, 0.5)}>
          −
        </Button>
        <Button aria-label={texts.timeline.zoomIn} onClick={() => zoom(1 / 1.5, 0.5)}>
          +
        </Button>
        <Button onClick={() => step(-1)}>{texts.timeline.earlier}</Button>
        <Button onClick={() => step(1)}>{texts.timeline.later}</Button>
        <Button disabled={endAt === null} onClick={() => change({ endAt: null })}>
          {texts.timeline.now}
        </Button>
        <Button
          disabled={inSight.length === 0}
          title={texts.timeline.exportHint}
          onClick={() => attempt(() => exportRange(groupId, inSight))}
        >
          {texts.timeline.export}
        </Button>
      </div>
      <div className={css.bottom}>
        <div className={css.side}>
          <Causes lines={lines} filter={filter} onChange={change} />
          <RebalanceList
            lines={shown}
            selected={chosen?.seq ?? null}
            isChosen={selected !== null}
            onSelect={onSelect}
            onHover={setListed}
          />
        </div>
        <div className={css.detail}>
          {lit && (
            <RebalanceDetail
              groupId={groupId}
              line={lit}
              rebalance={found}
              history={source}
              roster={roster}
              nowAt={nowAt}
              onFit={() => fit(lit)}
            />
          )}
        </div>
      </div>
      <p className={css.hidden} aria-live="polite">
        {selected !== null && chosen && found && lit === chosen
          ? texts.took(chosen.cause, span((chosen.toAt ?? nowAt) - chosen.fromAt))
          : ''}
      </p>
      {hover && (
        <Tip
          hit={hover.hit}
          rebalance={hover.hit.line ? found : null}
          history={source}
          x={hover.x}
          y={hover.y}
          {...{ roster, groupId }}
        />
      )}
    </div>
  )
}

const none: ReadonlySet<string> = new Set()

function isTyping(target: EventTarget): boolean {
  return target instanceof Element && target.closest('input, select, textarea') !== null
}

function Lost({ problem, onOpen }: { readonly problem: string; readonly onOpen: () => void }) {
  return (
    <div className={css.problem} role="alert">
      <span>{texts.stopped(problem)}</span>
      <Button onClick={onOpen}>{texts.reload}</Button>
    </div>
  )
}

async function exportRange(groupId: string, lines: readonly RebalanceLine[]): Promise<void> {
  const [first] = lines
  const last = lines[lines.length - 1]
  if (!first || !last) return
  const text = await ask('rebalances.export', { groupId, from: first.seq, to: last.lastSeq })
  download(`${groupId}-${first.epoch}-${last.epoch}.txt`, text, 'text/plain')
}

/** The rebalance of a line, from the part of the journal that is loaded. */
function rebalanceOf(line: RebalanceLine | null, ...histories: readonly History[]): Rebalance | null {
  if (!line) return null
  for (const { rebalances } of histories) {
    const found = rebalances[lastBefore(rebalances, line.seq, ({ seq }) => seq)]
    if (found?.seq === line.seq) return found
  }
  return null
}

function isGoneAt({ stretches }: Lane, at: number): boolean {
  return stretches[lastBefore(stretches, at, ({ from }) => from)]?.phase === 'gone'
}

/** Members that existed within the window. When there are many, present ones come first. */
function lanesIn({ lanes }: History, fromAt: number, toAt: number): readonly Lane[] {
  const found = [...lanes.values()].filter(({ stretches }) => {
    const first = stretches[0]
    const last = stretches[stretches.length - 1]
    return first && last && first.from <= toAt && (last.to ?? Number.POSITIVE_INFINITY) >= fromAt
  })
  if (found.length <= fewLanes) return found
  const present = found.filter((lane) => !isGoneAt(lane, toAt))
  return [...present, ...found.filter((lane) => isGoneAt(lane, toAt)).reverse()]
}

/** Members whose heartbeat is overdue. */
function silentOf(sessions: readonly MemberSession[], nowAt: number): ReadonlyMap<string, MemberSession> {
  return new Map(
    sessions
      .filter(({ heardAt, everyMs }) => nowAt - heardAt > everyMs * overdue + lookSlackMs)
      .map((session) => [session.memberId, session]),
  )
}
