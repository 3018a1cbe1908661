import { useEffect, useRef, useState } from 'react'
import type { LogTime, ResetLine } from '../../../src-main/contract/reset'
import { ask } from '../../host'
import { keyOf } from './useReset'

const steps = 120

/** When the messages of the strips in sight were written. Asked once, and again when a log has grown by more than a bar. */
export function useLogTimes(inSight: readonly ResetLine[]): ReadonlyMap<string, readonly LogTime[]> {
  const [times, setTimes] = useState<ReadonlyMap<string, readonly LogTime[]>>(new Map())
  const asked = useRef(new Map<string, { readonly start: number; readonly end: number }>())
  useEffect(() => {
    for (const line of inSight) {
      const { topic, partition, start, end } = line
      const key = keyOf(line)
      const before = asked.current.get(key)
      const isFresh = before?.start === start && end - before.end <= (end - start) / steps
      if (isFresh || end <= start) continue
      asked.current.set(key, { start, end })
      ask('partition.times', { topic, partition, steps: Math.min(steps, Math.max(1, end - start - 1)) }).then(
        (found) => setTimes((known) => new Map(known).set(key, found)),
        // Without times a strip is drawn along its offsets.
        () => setTimes((known) => new Map(known).set(key, [])),
      )
    }
  })
  return times
}
