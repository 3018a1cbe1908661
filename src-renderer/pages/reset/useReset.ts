import { useEffect, useMemo, useRef, useState } from 'react'
import type { Contract } from '../../../src-main/contract/contract'
import type { InputOf } from '../../../src-main/contract/define'
import type { GroupDetail } from '../../../src-main/contract/groups'
import { moves, type ResetLine, type ResetPlan } from '../../../src-main/contract/reset'
import { keyOf, type TopicPartition, type TopicPartitionKey } from '../../../src-main/contract/topic-partition'
import { ask } from '../../host'
import { useDraft } from '../../stores/drafts'
import { useFeed } from '../../stores/feed'
import { useRoute } from '../../stores/route'
import { type Strategy, targetOf } from './target'

export const lineKey = ({ topic, partition }: TopicPartition): TopicPartitionKey => keyOf(topic, partition)

/** A running group changes all the time: its plan is computed again at most this often. */
const replanMs = 500

/** Topics of the address (`?topics=a,b`) that the group need not have read: how a new group gets its first ones. */
export function topicsIn(query: string): readonly string[] {
  return (new URLSearchParams(query).get('topics') ?? '').split(',').filter((name) => name !== '')
}

/** The input of the user, and the plan that the broker computes from it. */
export function useReset(group: GroupDetail) {
  const { groupId } = group
  const { query } = useRoute()
  const { value: groups } = useFeed('groups.names', undefined)
  const draft = `reset ${groupId}`
  const [strategy, setStrategy] = useDraft<Strategy>(`${draft} strategy`, 'exact')
  const [typed, setTyped] = useDraft<Partial<Record<Strategy, string>>>(`${draft} text`, {})
  const [chosenGroup, setOtherGroup] = useDraft<string | null>(`${draft} group`, null)
  const [byHand, setByHand] = useDraft<ReadonlyMap<TopicPartitionKey, number | null>>(`${draft} offsets`, new Map())
  const [added, setTopics] = useDraft<readonly string[]>(`${draft} topics`, [])
  const [excluded, setExcluded] = useDraft<ReadonlySet<TopicPartitionKey>>(`${draft} excluded`, new Set())
  const topics = useMemo(() => [...new Set([...topicsIn(query), ...added])], [query, added])
  const [plan, setPlan] = useState<ResetPlan | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const others = useMemo(() => groups?.filter((other) => other !== groupId) ?? [], [groups, groupId])
  const otherGroup = others.find((other) => other === chosenGroup) ?? others[0] ?? null
  const text = typed[strategy] ?? ''
  const { to, needs } = targetOf({ strategy, text, otherGroup, byHand })
  const input: InputOf<Contract['reset.plan']> = {
    groupId,
    to,
    topics,
    partitions:
      excluded.size === 0 || !plan
        ? null
        : plan.lines
            .filter((line) => !excluded.has(lineKey(line)))
            .map(({ topic, partition }) => ({ topic, partition })),
  }
  const key = JSON.stringify(input)
  const round = useRounds(group)
  useEffect(() => {
    let isStale = false
    ask('reset.plan', input).then(
      (next) => {
        if (isStale) return
        setPlan(next)
        setProblem(null)
      },
      (error: unknown) => !isStale && setProblem(error instanceof Error ? error.message : String(error)),
    )
    return () => {
      isStale = true
    }
  }, [key, round, group.members.length])
  return {
    strategy,
    text,
    otherGroup,
    others,
    byHand,
    excluded,
    plan,
    input,
    /** What is missing, or why there is no plan: then the reset cannot be applied. */
    needs: needs ?? problem,
    isProblem: needs === null && problem !== null,
    moved: needs === null && problem === null ? (plan?.lines.filter(moves) ?? []) : [],
    setStrategy,
    setText: (next: string) => setTyped({ ...typed, [strategy]: next }),
    setOtherGroup,
    /** Those that were added to the group's own. */
    topics: added,
    toggleTopic: (topic: string) =>
      setTopics(added.includes(topic) ? added.filter((other) => other !== topic) : [...added, topic]),
    setPositions(positions: ReadonlyMap<TopicPartitionKey, number>) {
      setByHand(positions)
      setExcluded(new Set())
      setStrategy('exact')
    },
    /** `null`: the text is not an offset; `undefined`: the partition keeps its offset. */
    move(line: ResetLine, offset: number | null | undefined) {
      const before =
        strategy === 'exact'
          ? byHand
          : (plan?.lines ?? []).flatMap((one): [TopicPartitionKey, number][] =>
              moves(one) && one.next !== null ? [[lineKey(one), one.next]] : [],
            )
      const next = new Map<TopicPartitionKey, number | null>(before)
      if (offset === undefined) next.delete(lineKey(line))
      else next.set(lineKey(line), offset)
      setByHand(next)
      setStrategy('exact')
      if (excluded.has(lineKey(line))) setExcluded(new Set([...excluded].filter((one) => one !== lineKey(line))))
    },
    /** Leaves out all other partitions. */
    only(lines: readonly ResetLine[], others: readonly ResetLine[]) {
      setExcluded(
        new Set([...excluded, ...others.map(lineKey)].filter((key) => !lines.some((line) => lineKey(line) === key))),
      )
    },
    choose(lines: readonly ResetLine[], isChosen: boolean) {
      const next = new Set(excluded)
      for (const line of lines) {
        if (isChosen) next.delete(lineKey(line))
        else next.add(lineKey(line))
      }
      setExcluded(next)
    },
    forget() {
      setByHand(new Map())
      setStrategy('exact')
    },
  }
}

/** Counts up when `subject` has changed, at most once per `replanMs`. */
export function useRounds(subject: unknown): number {
  const [round, setRound] = useState(0)
  const lastAt = useRef(0)
  useEffect(() => {
    const waitMs = Math.max(0, lastAt.current + replanMs - performance.now())
    const timer = setTimeout(() => {
      lastAt.current = performance.now()
      setRound((before) => before + 1)
    }, waitMs)
    return () => clearTimeout(timer)
  }, [subject])
  return round
}

export type Reset = ReturnType<typeof useReset>
