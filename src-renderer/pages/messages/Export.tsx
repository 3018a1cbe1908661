import { useEffect, useRef, useState } from 'react'
import type { SearchProgress } from '../../../src-main/contract/messages'
import { bytes, counted, integer } from '../../format/numbers'
import { useHost } from '../../host'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { Choice, Field, Labelled } from '../../parts/Field'
import { attempt, notify } from '../../stores/notices'
import { Done } from './Done'
import { createFile } from './save-file'
import type { Query } from './useSearch'

interface Props {
  readonly query: Query
  /** Of the file, without its ending. */
  readonly name: string
  readonly onClose: () => void
}

type Format = 'jsonl' | 'csv'

const about: Readonly<Record<Format, string>> = {
  jsonl: 'Every byte is kept, also of what is no text; an import writes the same messages again.',
  csv: 'Keys and values as they are shown here. Null and empty look the same.',
}

const everything = 1_000_000_000

/** Everything that the query finds, whole, as a file. A live view is exported from the oldest message on. */
export function Export({ query, name, onClose }: Props) {
  const client = useHost((host) => host.client)
  const [format, setFormat] = useState<Format>('jsonl')
  const [limit, setLimit] = useState('')
  const [progress, setProgress] = useState<SearchProgress | null>(null)
  const stop = useRef(() => {})
  useEffect(() => () => stop.current(), [])
  const start = () =>
    attempt(async () => {
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
        // More is asked for when this is written: what comes is never held.
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
            const messages = counted(matched, 'message')
            notify({
              kind: 'done',
              text:
                outcome === 'saved'
                  ? `Exported ${messages} to ${fileName}.`
                  : `Downloading ${messages} as ${fileName}.`,
            })
          }).then(onClose)
        },
        failed(message) {
          stop.current = () => {}
          discard()
          setProgress(null)
          notify({ kind: 'problem', text: `Nothing was exported. ${message}` })
        },
      })
      stop.current = () => {
        close()
        discard()
        notify({ kind: 'done', text: 'The export was stopped: there is no file.' })
      }
    })
  return (
    <Dialog
      title="Export messages"
      description="What the filter finds, with whole keys, values and headers."
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{progress ? 'Stop' : 'Cancel'}</Button>
          <Button look="primary" disabled={progress !== null} onClick={start}>
            Export
          </Button>
        </>
      }
    >
      <Labelled label="Format">
        <Choice
          aria-label="Format"
          value={format}
          disabled={progress !== null}
          onChange={(event) => setFormat(event.target.value as Format)}
        >
          <option value="jsonl">JSON Lines: exact, can be imported again</option>
          <option value="csv">CSV: for spreadsheets</option>
        </Choice>
      </Labelled>
      <p className="quiet">{about[format]}</p>
      <Labelled label="At most (empty: all)">
        <Field
          type="number"
          min={1}
          value={limit}
          disabled={progress !== null}
          onChange={(event) => setLimit(event.target.value)}
        />
      </Labelled>
      {progress && (
        <Done label="Export" share={progress.share}>
          {integer(progress.matched)} found, {integer(progress.scanned)} scanned, {bytes(progress.bytes)}
        </Done>
      )}
    </Dialog>
  )
}
