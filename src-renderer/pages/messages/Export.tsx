import { useEffect, useRef, useState } from 'react'
import type { SearchProgress } from '../../../src-main/contract/messages'
import { useHost } from '../../host'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { Choice, Field, Labelled } from '../../parts/Field'
import { useFormAction } from '../../parts/useFormAction'
import { attempt, notify } from '../../stores/notices'
import { shared } from '../../texts'
import { Done } from './Done'
import { createFile } from './save-file'
import { texts } from './texts'
import type { Query } from './useSearch'

interface Props {
  readonly query: Query
  /** File name without its extension. */
  readonly name: string
  readonly onClose: () => void
}

type Format = 'jsonl' | 'csv'

const everything = 1_000_000_000

/** Exports all messages that the query matches to a file. A live view is exported from the oldest message. */
export function Export({ query, name, onClose }: Props) {
  const client = useHost((host) => host.client)
  const [format, setFormat] = useState<Format>('jsonl')
  const [limit, setLimit] = useState('')
  const [progress, setProgress] = useState<SearchProgress | null>(null)
  const form = useFormAction()
  const [failure, setFailure] = useState<string | null>(null)
  const isLimitWrong = limit !== '' && !/^[1-9]\d{0,8}$/.test(limit)
  const stop = useRef(() => {})
  useEffect(() => () => stop.current(), [])
  const start = () =>
    form.run(async () => {
      setFailure(null)
      const fileName = `${name}.${format}`
      const file = client && (await createFile(fileName))
      if (!client || !file) return
      let matched = 0
      setProgress({ scanned: 0, matched, bytes: 0, elapsedMs: 0, share: 0, failed: null, done: false, note: null })
      const discard = () => void attempt(() => file.discard())
      const input = {
        ...query,
        from: query.from === 'live' ? 'oldest' : query.from,
        limit: Number(limit) || everything,
        format,
      } as const
      const close = client.feed('messages.export', input, {
        // The next items are requested after these are written: nothing piles up.
        async items(items) {
          const last = items.findLast((item) => item.kind === 'progress')
          if (last?.kind === 'progress') {
            matched = last.progress.matched
            setProgress(last.progress)
          }
          const text = items.flatMap((item) => (item.kind === 'text' ? [item.text] : [])).join('')
          if (text !== '') await file.write(text)
        },
        done() {
          stop.current = () => {}
          void attempt(async () => {
            const outcome = await file.close()
            const done = outcome === 'saved' ? texts.export.saved : texts.export.downloading
            notify({ kind: 'done', text: done(matched, fileName) })
          }).then(onClose)
        },
        failed(message) {
          stop.current = () => {}
          discard()
          setProgress(null)
          setFailure(texts.export.failed(message))
        },
      })
      stop.current = () => {
        close()
        discard()
        notify({ kind: 'done', text: texts.export.stopped })
      }
    })
  return (
    <Dialog
      title={texts.export.title}
      description={texts.export.about}
      hasDraft={progress !== null}
      problem={failure ?? form.problem}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{progress ? texts.export.stop : shared.cancel}</Button>
          <Button look="primary" disabled={progress !== null || isLimitWrong} onClick={() => void start()}>
            {texts.export.action}
          </Button>
        </>
      }
    >
      <Labelled label={texts.export.format}>
        <Choice
          aria-label={texts.export.format}
          value={format}
          disabled={progress !== null}
          onChange={(event) => setFormat(event.target.value as Format)}
        >
          <option value="jsonl">{texts.export.formats.jsonl}</option>
          <option value="csv">{texts.export.formats.csv}</option>
        </Choice>
      </Labelled>
      <p className="quiet">{texts.export.formatAbout[format]}</p>
      <Labelled label={texts.export.limit}>
        <Field
          type="number"
          min={1}
          value={limit}
          aria-invalid={isLimitWrong}
          disabled={progress !== null}
          onChange={(event) => setLimit(event.target.value)}
        />
      </Labelled>
      {progress && (
        <Done label={texts.export.action} share={progress.share}>
          {texts.export.progress(progress.matched, progress.scanned, progress.bytes)}
        </Done>
      )}
    </Dialog>
  )
}
