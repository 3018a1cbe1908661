import { useEffect, useState } from 'react'
import type { MessageRow } from '../../../src-main/contract/messages'
import { clockTime } from '../../format/time'
import { ask } from '../../host'
import { CellText } from '../messages/CellText'

/** While a handle is dragged nothing is looked up. */
const restMs = 120

interface Props {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** The log has messages there. */
  readonly isThere: boolean
}

/** The message that the group would read first from a position. */
export function NextMessage({ topic, partition, offset, isThere }: Props) {
  const [found, setFound] = useState<MessageRow | null | undefined>(undefined)
  useEffect(() => {
    let isStale = false
    const timer = setTimeout(() => {
      ask('messages.at', { topic, partition, offset }).then(
        (row) => !isStale && setFound(row),
        () => !isStale && setFound(undefined),
      )
    }, restMs)
    return () => {
      isStale = true
      clearTimeout(timer)
    }
  }, [topic, partition, offset, isThere])
  if (found === undefined) return null
  if (found === null) return <>nothing yet: the end of the log</>
  return (
    <>
      first: {clockTime(found.timestamp)} <CellText cell={found.key} nullText="no key" />{' '}
      <CellText cell={found.value} nullText="tombstone" />
    </>
  )
}
