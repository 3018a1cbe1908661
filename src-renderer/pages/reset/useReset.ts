import { useEffect, useMemo, useState } from 'react'
import type { Contract } from '../../../src-main/contract/contract'
import type { InputOf } from '../../../src-main/contract/define'
import type { GroupDetail } from '../../../src-main/contract/groups'
import { moves, type ResetLine, type ResetPlan } from '../../../src-main/contract/reset'
import { ask } from '../../host'
import { useFeed } from '../../stores/feed'
import { aimOf, type Way } from './target'

export const keyOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }) =>
  `${topic}:${partition}`

/** A group that runs changes all the time: its plan is made anew this often. */
const replanMs = 500

/** What a person has said so far, and what the broker says that it would do. */
export function useReset(group: GroupDetail) {
  const { groupId } = group
  const { value: groups } = useFeed('groups', undefined)
  const [way, setWay] = useState<Way>('exact')
  const [texts, setTexts] = useState<Partial<Record<Way, string>>>({})
  const [chosenGroup, setOtherGroup] = useState<string | null>(null)
  const [byHand, setByHand] = useState<ReadonlyMap<string, number | null>>(new Map())
  const [topics, setTopics] = useState<readonly string[]>([])
  const [excluded, setExcluded] = useState<ReadonlySet<string>>(new Set())
  const [plan, setPlan] = useState<ResetPlan | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const others = useMemo(() => groups?.filter((one) => one.groupId !== groupId) ?? [], [groups, groupId])
  const otherGroup = others.find((one) => one.groupId === chosenGroup) ?? others[0] ?? null
  const text = texts[way] ?? ''
  const { to, needs } = aimOf({ way, text, otherGroup: otherGroup?.groupId ?? null, byHand })
  const input: InputOf<Contract['reset.plan']> = {
    groupId,
    to,
    topics: way === 'group' && otherGroup ? [...new Set([...topics, ...otherGroup.topics])] : topics,
    partitions:
      excluded.size === 0 || !plan
        ? null
        : plan.lines.filter((line) => !excluded.has(keyOf(line))).map(({ topic, partition }) => ({ topic, partition })),
  }
  const key = JSON.stringify(input)
  const round = Math.floor(Date.now() / replanMs)
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
    way,
    text,
    otherGroup: otherGroup?.groupId ?? null,
    others: others.map((one) => one.groupId),
    byHand,
    excluded,
    plan,
    input,
    /** What is still needed, or why there is no plan: nothing may be applied then. */
    needs: needs ?? problem,
    isProblem: needs === null && problem !== null,
    moved: needs === null && problem === null ? (plan?.lines.filter(moves) ?? []) : [],
    setWay,
    setText: (next: string) => setTexts((before) => ({ ...before, [way]: next })),
    setOtherGroup,
    addTopic: (topic: string) => setTopics((before) => [...new Set([...before, topic])]),
    setPositions(positions: ReadonlyMap<string, number>) {
      setByHand(positions)
      setExcluded(new Set())
      setWay('exact')
    },
    /** `null`: what was typed is no offset; `undefined`: it stays as it is. */
    move(line: ResetLine, offset: number | null | undefined) {
      const before =
        way === 'exact'
          ? byHand
          : (plan?.lines ?? []).flatMap((one): [string, number][] =>
              moves(one) && one.next !== null ? [[keyOf(one), one.next]] : [],
            )
      const next = new Map<string, number | null>(before)
      if (offset === undefined) next.delete(keyOf(line))
      else next.set(keyOf(line), offset)
      setByHand(next)
      setWay('exact')
      if (excluded.has(keyOf(line))) setExcluded(new Set([...excluded].filter((one) => one !== keyOf(line))))
    },
    /** Nothing else is moved. */
    only(lines: readonly ResetLine[], others: readonly ResetLine[]) {
      setExcluded(
        new Set([...excluded, ...others.map(keyOf)].filter((key) => !lines.some((line) => keyOf(line) === key))),
      )
    },
    choose(lines: readonly ResetLine[], isChosen: boolean) {
      const next = new Set(excluded)
      for (const line of lines) {
        if (isChosen) next.delete(keyOf(line))
        else next.add(keyOf(line))
      }
      setExcluded(next)
    },
    forget() {
      setByHand(new Map())
      setWay('exact')
    },
  }
}

export type Reset = ReturnType<typeof useReset>
