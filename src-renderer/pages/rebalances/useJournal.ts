import { useCallback, useEffect, useRef, useState } from 'react'
import type { RebalanceFrame } from '../../../src-main/contract/groups'
import { ask, useHost } from '../../host'
import { History } from './history'
import { type RebalanceLine, withBoundaries } from './lines'

export interface Journal {
  /** The newest part of the journal. It is changed in place, because the canvas reads it every frame. */
  readonly live: History
  /** All rebalances in the journal. */
  readonly lines: readonly RebalanceLine[]
  /** False until the journal was read once. */
  readonly isRead: boolean
  readonly problem: string | null
  readonly open: () => void
  /** Reads what is before the live part, from `fromAt` on. */
  readonly extend: (fromAt: number) => void
  /** The live part starts where the journal does. */
  readonly isWhole: boolean
}

/** Frames of the live part that are kept: a journal holds no more. */
const keptFrames = 20_000

/** Time between two renders of the parts that are not the canvas: quick enough to see, few enough in a rebalance storm. */
const lookMs = 100
const openAgainMs = 1500

/** Follows the journal of a group. A feed that ends is opened again. */
export function useJournal(groupId: string): Journal {
  const client = useHost((host) => host.client)
  const live = useRef(new History())
  const lines = useRef<readonly RebalanceLine[]>([])
  const [, look] = useState(0)
  const [problem, setProblem] = useState<string | null>(null)
  const [opened, setOpened] = useState(0)
  const isRead = useRef(false)
  const frames = useRef<RebalanceFrame[]>([])
  const isWhole = useRef(true)
  const rebuild = useCallback((all: RebalanceFrame[]) => {
    frames.current = all
    live.current = new History()
    live.current.add(all)
  }, [])
  useEffect(() => {
    if (!client) return
    let timer: ReturnType<typeof setTimeout> | null = null
    let retry: ReturnType<typeof setTimeout> | null = null
    const changed = () => {
      timer ??= setTimeout(() => {
        timer = null
        look((before) => before + 1)
      }, lookMs)
    }
    const close = client.feed(
      'rebalances',
      { groupId },
      {
        items(items) {
          for (const { boundaries, frames: news } of items) {
            if (boundaries) {
              lines.current = withBoundaries([], boundaries)
              rebuild([...news])
              isWhole.current = (news[0]?.seq ?? 1) === 1
              continue
            }
            const told = news.flatMap((frame) => (frame.boundary ? [{ ...frame, boundary: frame.boundary }] : []))
            lines.current = withBoundaries(lines.current, told)
            frames.current.push(...news)
            live.current.add(news)
          }
          if (frames.current.length > keptFrames) {
            const kept = frames.current.slice(-keptFrames / 2)
            rebuild(kept.slice(kept.findIndex(({ full }) => full)))
            isWhole.current = false
          }
          setProblem(null)
          if (isRead.current) changed()
          else look((before) => before + 1)
          isRead.current = true
        },
        failed(message) {
          setProblem(message)
          retry = setTimeout(() => setOpened((before) => before + 1), openAgainMs)
        },
      },
    )
    return () => {
      close()
      if (timer) clearTimeout(timer)
      if (retry) clearTimeout(retry)
    }
  }, [client, groupId, opened])
  const open = useCallback(() => setOpened((before) => before + 1), [])
  const extend = useCallback(
    (fromAt: number) => {
      const first = frames.current[0]
      if (!first) return
      ask('rebalances.frames', { groupId, fromAt: Math.max(0, Math.round(fromAt)), toAt: first.at }).then(
        (older) => {
          // The feed may have started again meanwhile.
          if (frames.current[0] !== first) return
          const before = older.filter(({ seq }) => seq < first.seq)
          isWhole.current = before.length === 0
          rebuild([...before, ...frames.current])
          look((count) => count + 1)
        },
        // The feed reports the problem.
        () => {},
      )
    },
    [groupId, rebuild],
  )
  return {
    live: live.current,
    lines: lines.current,
    isRead: isRead.current,
    isWhole: isWhole.current,
    problem,
    open,
    extend,
  }
}

interface Past {
  readonly fromAt: number
  readonly toAt: number
  readonly history: History
}

const settleMs = 60

/**
 * The history that covers a span of time: the live one if it does, else the part of the journal around the span, which is loaded when
 * needed. `null` while it is read for the first time.
 */
export function useHistory(groupId: string, journal: Journal, fromAt: number, toAt: number): History | null {
  const { live, isWhole, extend } = journal
  const [past, setPast] = useState<Past | null>(null)
  const isLive = isWhole || toAt >= live.fromAt
  const isShort = isLive && !isWhole && fromAt < live.fromAt
  const isCovered = past !== null && past.fromAt <= fromAt && past.toAt >= toAt
  const wanted = isLive || isCovered ? null : `${Math.round(fromAt)} ${Math.round(toAt)}`
  useEffect(() => {
    if (isShort) extend(fromAt - (toAt - fromAt))
  }, [isShort, live, extend])
  useEffect(() => {
    if (wanted === null) return
    let isOver = false
    const [from = 0, to = 0] = wanted.split(' ').map(Number)
    const span = to - from
    const timer = setTimeout(() => {
      const reach = { fromAt: Math.max(0, Math.round(from - span)), toAt: Math.round(to + span) }
      ask('rebalances.frames', { groupId, ...reach }).then(
        (frames) => {
          if (isOver) return
          const history = new History()
          history.add(frames)
          setPast({ ...reach, history })
        },
        // The feed reports the problem.
        () => {},
      )
    }, settleMs)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [groupId, wanted])
  return isLive ? live : (past?.history ?? null)
}
