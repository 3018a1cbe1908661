import { keyOf } from '../../base/topic-partition'
import type { Contract } from '../../contract/contract'
import type { InputOf, ItemOf } from '../../contract/define'
import type { Outlet } from '../../contract/server'
import type { Pulse } from '../home/pulse'
import type { Scan } from '../source/records'
import { rangesOf, type ScanParts } from './scans'

type Input = InputOf<Contract['messages.histogram']>

/**
 * Counts what a search would list over time, and goes on with what is written. Where messages are deleted, or a topic is created
 * again or gets partitions, everything is counted again; the page keeps the picture before until that is done.
 */
export function messagesOverTime(
  parts: ScanParts,
  beat: Pulse['beat'],
  { buckets, ...input }: Input,
  outlet: Outlet<ItemOf<Contract['messages.histogram']>>,
): () => void {
  let scan: Scan | undefined
  let rounds = 0
  let starts: string | undefined
  let isLooking = false
  const begin = async () => {
    const round = ++rounds
    scan?.stop()
    const whole = { ...input, from: 'oldest', value: null, until: null, groupId: null, limit: 1 } as const
    const ranges = await rangesOf(parts, whole)
    if (round !== rounds) return
    let isWhole = round === 1
    scan = parts.source.records.scan(
      {
        ranges,
        backward: false,
        live: true,
        limit: Number.MAX_SAFE_INTEGER,
        find: input.find,
        script: input.script,
        conditions: input.conditions,
        follow: input.follow,
        fromAt: -1,
        untilAt: -1,
        format: null,
        committed: input.committed,
        buckets,
      },
      (reply) => {
        if (reply.kind === 'failed') outlet.fail(new Error(reply.message))
        if (reply.kind !== 'histogram') return
        isWhole ||= reply.histogram.share === 1
        if (isWhole) outlet.push(reply.histogram)
      },
    )
  }
  const look = async () => {
    const [topics, logs] = await Promise.all([parts.source.topics.list(), parts.source.topics.logs(input.topics)])
    const ids = topics.flatMap(({ name, id }) => (input.topics.includes(name) ? [id] : []))
    const firsts = [...logs.values()].flat().map((log) => [keyOf(log.topic, log.partition), log.start])
    const seen = JSON.stringify([ids, firsts])
    const isChanged = starts !== undefined && seen !== starts
    starts = seen
    return isChanged
  }
  const check = async () => {
    if (isLooking) return
    isLooking = true
    try {
      if (await look()) await begin()
    } finally {
      isLooking = false
    }
  }
  const checked = () => void check().catch((error: unknown) => outlet.fail(error))
  look()
    .then(begin)
    .catch((error: unknown) => outlet.fail(error))
  const ends = [beat(checked), parts.source.topics.changed(checked)]
  return () => {
    rounds++
    for (const end of ends) end()
    scan?.stop()
  }
}
