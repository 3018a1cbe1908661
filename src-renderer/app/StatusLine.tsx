import { bytes, compact, counted } from '../format/numbers'
import { useFeed } from '../stores/feed'
import { useSettings } from '../stores/settings'
import css from './app.module.css'

export function StatusLine() {
  const { value: status } = useFeed('workspace', undefined)
  const { value: traffic } = useFeed('traffic', undefined)
  const { utc } = useSettings()
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
        style={{ all: 'unset', cursor: 'pointer', marginLeft: 'auto' }}
        onClick={() => useSettings.setState({ utc: !utc })}
      >
        {utc ? 'UTC' : 'local time'}
      </button>
    </footer>
  )
}
