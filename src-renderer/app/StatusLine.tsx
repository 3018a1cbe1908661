import { bytes, compact, counted } from '../format/numbers'
import { useFeed } from '../stores/feed'
import { nextTimes, useSettings } from '../stores/settings'
import css from './app.module.css'

/** `Europe/Vienna` */
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone

export function StatusLine() {
  const { value: status } = useFeed('workspace', undefined)
  const { value: traffic } = useFeed('traffic', undefined)
  const { times } = useSettings()
  const now = traffic?.[traffic.length - 1]
  return (
    <footer className={css.status}>
      {status && (
        <>
          <span>{counted(status.topics, 'topic')}</span>
          <span>{counted(status.partitions, 'partition')}</span>
          <span>{compact(status.messages)} messages</span>
          <span title={status.file ?? 'Nothing is kept when the broker ends'}>
            {status.file ? bytes(status.fileBytes) : `in memory, ${bytes(status.fileBytes)}`}
          </span>
          {now && (
            <span>
              ↓ {compact(now.inRecords)}/s {bytes(now.inBytes)}/s · ↑ {bytes(now.outBytes)}/s
            </span>
          )}
        </>
      )}
      <button
        type="button"
        className={css.times}
        title="Times: local, UTC, or milliseconds since the epoch"
        onClick={nextTimes}
      >
        {times === 'utc' ? 'UTC' : times === 'epoch' ? 'epoch ms' : zone}
      </button>
    </footer>
  )
}
