import { useRef, useState } from 'react'
import type { SearchProgress } from '../../../src-main/contract/messages'
import { integer } from '../../format/numbers'
import { useHost } from '../../host'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { Choice, Field, Labelled } from '../../parts/Field'
import { notify } from '../../stores/notices'
import type { Query } from './useSearch'

interface Props {
  readonly query: Query
  /** Of the file, without its ending. */
  readonly name: string
  readonly onClose: () => void
}

/** Everything that the query finds, whole, as a file. A live view is exported from the oldest message on. */
export function Export({ query, name, onClose }: Props) {
  const client = useHost((host) => host.client)
  const [format, setFormat] = useState<'jsonl' | 'csv'>('jsonl')
  const [limit, setLimit] = useState('')
  const [progress, setProgress] = useState<SearchProgress | null>(null)
  const stop = useRef<(() => void) | null>(null)
  const start = () => {
    if (!client) return
    const pieces: string[] = []
    setProgress({ scanned: 0, matched: 0, bytes: 0, elapsedMs: 0, done: false, note: null })
    let matched = 0
    const input = {
      ...query,
      from: query.from === 'live' ? 'oldest' : query.from,
      limit: Number(limit) || 1_000_000_000,
      format,
    } as const
    stop.current = client.feed('messages.export', input, {
      items(items) {
        for (const item of items) {
          if (item.kind === 'text') pieces.push(item.text)
          else {
            matched = item.progress.matched
            setProgress(item.progress)
          }
        }
      },
      done() {
        save(pieces, `${name}.${format}`)
        notify({ kind: 'done', text: `Exported ${integer(matched)} messages to ${name}.${format}.` })
        onClose()
      },
      failed(message) {
        setProgress(null)
        notify({ kind: 'problem', text: message })
      },
    })
  }
  const cancel = () => {
    stop.current?.()
    onClose()
  }
  return (
    <Dialog
      title="Export messages"
      description="What the filter finds, with whole keys, values and headers."
      onClose={cancel}
      actions={
        <>
          <Button onClick={cancel}>{progress ? 'Stop' : 'Cancel'}</Button>
          <Button look="primary" disabled={progress !== null} onClick={start}>
            Export
          </Button>
        </>
      }
    >
      <Labelled label="Format">
        <Choice value={format} onChange={(event) => setFormat(event.target.value as 'jsonl' | 'csv')}>
          <option value="jsonl">JSON Lines: exact, can be imported again</option>
          <option value="csv">CSV: for spreadsheets</option>
        </Choice>
      </Labelled>
      <Labelled label="At most (empty: all)">
        <Field type="number" min={1} value={limit} onChange={(event) => setLimit(event.target.value)} />
      </Labelled>
      {progress && (
        <p className="quiet" role="status">
          {integer(progress.matched)} found, {integer(progress.scanned)} looked at
        </p>
      )}
    </Dialog>
  )
}

function save(pieces: readonly string[], name: string): void {
  const url = URL.createObjectURL(new Blob([...pieces], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
