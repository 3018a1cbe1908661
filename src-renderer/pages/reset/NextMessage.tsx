import { useEffect, useState } from 'react'
import type { MessageRow } from '../../../src-main/contract/messages'
import { integer } from '../../format/numbers'
import { clockTime } from '../../format/time'
import { ask } from '../../host'
import { CellText } from '../messages/CellText'
import css from './reset.module.css'

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
    ask('messages.at', { topic, partition, offset }).then(
      (row) => !isStale && setFound(row),
      () => !isStale && setFound(undefined),
    )
    return () => {
      isStale = true
    }
  }, [topic, partition, offset, isThere])
  if (found === undefined) return null
  return (
    <p className={css.next} aria-live="polite">
      <span className="quiet">
        First from {topic} {partition} at {integer(offset)}:{' '}
      </span>
      {found === null ? (
        <span className="quiet">nothing yet, this is the end of the log</span>
      ) : (
        <>
          <span className="data">{clockTime(found.timestamp)}</span> <CellText cell={found.key} nullText="no key" />{' '}
          <CellText cell={found.value} nullText="tombstone" />
        </>
      )}
    </p>
  )
}
