import type { WorkspaceStatus } from '../../src-main/contract/workspace'
import { bytes, compact, counted } from '../format/numbers'
import { zoneName } from '../format/time'
import { useHost } from '../host'
import { useFeed } from '../stores/feed'
import { href } from '../stores/route'
import { nextTimes, useSettings } from '../stores/settings'
import css from './app.module.css'
import { texts } from './texts'

export function StatusLine() {
  const client = useHost((host) => host.client)
  const { value: status, problem } = useFeed('workspace', undefined)
  useSettings(({ times }) => times)
  return (
    <footer className={css.status}>
      {client && status && (
        <>
          <span>{counted(status.topics, 'topic')}</span>
          <span>{counted(status.partitions, 'partition')}</span>
          {!status.cluster && <OwnFigures {...status} />}
          {status.cluster && (
            <span title={texts.status.requestsTitle}>{texts.status.requests(status.cluster.requestsPerMinute)}</span>
          )}
        </>
      )}
      {client && problem === null && status?.writeFailure && (
        <a className={css.trouble} href={href('home')}>
          {texts.status.writesFail(status.writeFailure.why)}
        </a>
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

/** A cluster elsewhere does not tell how many bytes go in and out, and its messages only with many requests. */
function OwnFigures({ file, fileBytes, freeBytes }: WorkspaceStatus) {
  const { value: messages } = useFeed('workspace.messages', undefined)
  const { value: traffic } = useFeed('traffic', undefined)
  const now = traffic?.[traffic.length - 1]
  return (
    <>
      {messages !== null && (
        <span>
          {compact(messages)} {messages === 1 ? 'message' : 'messages'}
        </span>
      )}
      <span title={texts.status.fileTitle(file, bytes(freeBytes))}>
        {file ? bytes(fileBytes) : texts.status.inMemory(bytes(fileBytes))}
      </span>
      {now && (
        <span>
          ↓ {compact(now.inRecords)}/s {bytes(now.inBytes)}/s · ↑ {bytes(now.outBytes)}/s
        </span>
      )}
    </>
  )
}
