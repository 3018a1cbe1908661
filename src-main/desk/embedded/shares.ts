import type { TopicPartition } from '../../base/topic-partition'
import type { Core } from '../../broker/core'
import { eachRun, type ShareOutcomes } from '../../broker/share/share-partitions'
import type { ShareOutcome, ShareWorker } from '../../contract/share'
import type { LaneFacts, ShareSource } from '../source/shares'
import { noMemberCounts, ShareCounters } from './share-counts'
import { deadLettersOf, laneFacts, placesOf } from './share-lanes'
import { stored } from './stored'

/** Outcomes that are remembered of one share-partition. */
const keptOutcomes = 50

/** Deliveries of the broker in this process. What became of records is remembered while it runs. */
export function embeddedShares(core: Core): ShareSource {
  const { partitions } = core.share
  const outcomes = new Map<string, readonly ShareOutcome[]>()
  const counters = new ShareCounters(core)
  partitions.ended((ended) => {
    const key = keyOf(ended.groupId, ended)
    const told = outcomesOf(ended)
    if (told.length > 0) outcomes.set(key, told.concat(outcomes.get(key) ?? []).slice(0, keptOutcomes))
  })
  core.topics.changed(({ kind, topic }) => {
    if (kind !== 'deleted') return
    for (const key of [...outcomes.keys()]) if (key.includes(topic.id)) outcomes.delete(key)
  })
  core.groups.framed(({ groupId, state }) => {
    if (state !== 'Dead') return
    counters.forget(groupId)
    for (const key of [...outcomes.keys()]) if (key.startsWith(prefixOf(groupId))) outcomes.delete(key)
  })
  return {
    changed: partitions.changed,
    places: async (groupId) => placesOf(core, groupId),
    lanes: async (groupId, places) =>
      places.flatMap((place): LaneFacts[] => {
        const topicId = core.topics.find(place.topic)?.id ?? ''
        const told = outcomes.get(keyOf(groupId, { topicId, partition: place.partition })) ?? []
        const lane = laneFacts(core, groupId, place, told)
        return lane ? [lane] : []
      }),
    workers: async (groupId) => workersOf(core, groupId, counters),
    counts: async (groupId) => counters.of(groupId),
    deadLetters: async (groupId) => deadLettersOf(core, groupId),
    release: (groupId, memberId) =>
      stored(core, () => {
        const held = partitions.releaseMember(groupId, memberId, 'releasedByHand')
        if (held === 0) throw new Error(`This member of ${groupId} holds no records.`)
        return held
      }),
  }
}

const prefixOf = (groupId: string) => `${JSON.stringify(groupId)} `

function keyOf(
  groupId: string,
  { topicId, partition }: { readonly topicId: string; readonly partition: TopicPartition['partition'] },
): string {
  return `${prefixOf(groupId)}${topicId} ${partition}`
}

/** What is worth telling: not that records were accepted, or a lock was renewed. The newest first, no more of them than are kept. */
function outcomesOf({ at, cause, outcomes }: ShareOutcomes): ShareOutcome[] {
  const told: ShareOutcome[] = []
  for (let index = outcomes.length - 1; index >= 0 && told.length < keptOutcomes; index--) {
    const outcome = outcomes[index]
    if (!outcome) break
    const { kind, first, last, deliveryCount, memberId } = outcome
    if (kind === 'accepted' || kind === 'renewed' || kind === 'gap') continue
    told.push({ at, first, last, deliveryCount, memberId, kind, cause })
  }
  return told
}

/** Members of the group, and others that still hold something. */
function workersOf(core: Core, groupId: string, counters: ShareCounters): ShareWorker[] {
  const held = new Map<string, { held: number; firstLockEnd: number }>()
  for (const { value } of core.share.partitions.openOf(groupId)) {
    for (const batch of value.batches) {
      eachRun(batch, ({ memberId, lockedUntil }, first, last) => {
        if (memberId === null || lockedUntil === null) return
        const known = held.get(memberId)
        held.set(memberId, {
          held: (known?.held ?? 0) + last - first + 1,
          firstLockEnd: Math.min(known?.firstLockEnd ?? lockedUntil, lockedUntil),
        })
      })
    }
  }
  const counts = counters.membersOf(groupId)
  const members = core.groups.find(groupId)?.members.map(({ memberId }) => memberId) ?? []
  return [...new Set([...members, ...held.keys()])].map((memberId) => ({
    memberId,
    held: held.get(memberId)?.held ?? 0,
    firstLockEnd: held.get(memberId)?.firstLockEnd ?? null,
    ...(counts.get(memberId) ?? noMemberCounts),
  }))
}
