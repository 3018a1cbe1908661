import { useEffect, useState } from 'react'
import type { MessageRow } from '../../../src-main/contract/messages'
import { clockTime } from '../../format/time'
import { ask } from '../../host'
import { CellText } from '../messages/CellText'
import { texts } from './texts'

/** A handle that is being dragged starts no lookup. */
const restMs = 120

interface Props {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** There is a message at or after the offset. */
  readonly isThere: boolean
}

/** The first message that the group would consume from an offset. */
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
  if (found === null) return <>{texts.next.none}</>
  return (
    <>
      {texts.next.first} {clockTime(found.timestamp)} <CellText cell={found.key} nullText={texts.next.noKey} />{' '}
      <CellText cell={found.value} nullText={texts.next.tombstone} />
    </>
  )
}
