import { useEffect, useRef, useState } from 'react'
import type { LogTime, ResetLine } from '../../../src-main/contract/reset'
import type { TopicPartitionKey } from '../../../src-main/contract/topic-partition'
import { ask } from '../../host'
import { lineKey } from './useReset'

const steps = 120

/** Timestamps of the messages in the visible strips. Requested once, and again when a log has grown by more than a bar. */
export function useLogTimes(inSight: readonly ResetLine[]): ReadonlyMap<TopicPartitionKey, readonly LogTime[]> {
  const [times, setTimes] = useState<ReadonlyMap<TopicPartitionKey, readonly LogTime[]>>(new Map())
  const asked = useRef(new Map<TopicPartitionKey, { readonly start: number; readonly end: number }>())
  useEffect(() => {
    for (const line of inSight) {
      const { topic, partition, start, end } = line
      const key = lineKey(line)
      const before = asked.current.get(key)
      const isFresh = before?.start === start && end - before.end <= (end - start) / steps
      if (isFresh || end <= start) continue
      asked.current.set(key, { start, end })
      ask('partition.times', { topic, partition, steps: Math.min(steps, Math.max(1, end - start - 1)) }).then(
        (found) => setTimes((known) => new Map(known).set(key, found)),
        // Without timestamps a strip shows offsets.
        () => setTimes((known) => new Map(known).set(key, [])),
      )
    }
  })
  return times
}
