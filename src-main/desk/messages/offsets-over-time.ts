import type { Clock, Millis } from '../../base/clock'
import type { Contract } from '../../contract/contract'
import type { InputOf } from '../../contract/define'
import type { Histogram } from '../../contract/messages'
import type { OverTime, RecordSource } from '../source/records'
import type { ClusterSource } from '../source/source'
import type { LogFacts } from '../source/topics'

type Input = InputOf<Contract['messages.histogram']>

/** A cluster is asked again after this, where something was written. */
const pauseMs = 5000

/** Messages over time of a cluster that tells offsets by time, as pictures for a feed. Such a count knows no filter. */
export function offsetsOverTime(
  source: ClusterSource,
  overTime: NonNullable<RecordSource['overTime']>,
  clock: Clock,
  { topics, partitions, committed, find, script, conditions, follow, buckets }: Input,
): () => Promise<Histogram> {
  let counter: OverTime | undefined
  let last: { readonly at: Millis; readonly logs: readonly LogFacts[]; readonly histogram: Histogram } | undefined
  return async () => {
    if (find !== '' || script !== '' || conditions.length > 0 || follow !== null) {
      throw new Error('A cluster tells how many messages there are over time, but not how many of them match a filter.')
    }
    const now = clock.now()
    if (last && now - last.at < pauseMs) return last.histogram
    const logs = [...(await source.topics.logs([...topics].sort())).values()]
      .flat()
      .filter(({ partition }) => partitions === null || partitions.includes(partition))
    const before = last?.logs ?? []
    const isSame = before.length === logs.length && before.every((log, i) => isLater(log, logs[i]))
    if (last && isSame && before.every(({ start, end }, i) => start === logs[i]?.start && end === logs[i]?.end)) {
      return last.histogram
    }
    // Of other partitions, or of a topic that was created again, nothing is known.
    if (!counter || !isSame) counter = overTime({ places: logs, committed, buckets })
    const histogram = await counter.count()
    last = { at: now, logs, histogram }
    return histogram
  }
}

/** The same log, at the same time or later. */
function isLater(before: LogFacts, now: LogFacts | undefined): boolean {
  return now?.topic === before.topic && now.partition === before.partition && now.end >= before.end
}
