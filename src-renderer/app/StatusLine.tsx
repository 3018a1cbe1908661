import { bytes, compact, counted } from '../format/numbers'
import { zoneName } from '../format/time'
import { useHost } from '../host'
import { useFeed } from '../stores/feed'
import { nextTimes, useSettings } from '../stores/settings'
import css from './app.module.css'
import { texts } from './texts'

export function StatusLine() {
  const client = useHost((host) => host.client)
  const { value: status, problem } = useFeed('workspace', undefined)
  const { value: traffic } = useFeed('traffic', undefined)
  useSettings(({ times }) => times)
  const now = traffic?.[traffic.length - 1]
  return (
    <footer className={css.status}>
      {client && status && (
        <>
          <span>{counted(status.topics, 'topic')}</span>
          <span>{counted(status.partitions, 'partition')}</span>
          <span>
            {compact(status.messages)} {status.messages === 1 ? 'message' : 'messages'}
          </span>
          {!status.cluster && (
            <span title={texts.status.fileTitle(status.file, bytes(status.freeBytes))}>
              {status.file ? bytes(status.fileBytes) : texts.status.inMemory(bytes(status.fileBytes))}
            </span>
          )}
          {status.cluster && (
            <span title={texts.status.requestsTitle}>{texts.status.requests(status.cluster.requestsPerMinute)}</span>
          )}
          {/* A cluster elsewhere does not tell how many bytes go in and out. */}
          {now && !status.cluster && (
            <span>
              ↓ {compact(now.inRecords)}/s {bytes(now.inBytes)}/s · ↑ {bytes(now.outBytes)}/s
            </span>
          )}
        </>
      )}
      {client && problem !== null && (
        <strong role="status" className={css.trouble}>
          {problem}
        </strong>
      )}
      <button type="button" className={css.times} title={texts.status.times} onClick={nextTimes}>
        {zoneName()}
      </button>
    </footer>
  )
}
