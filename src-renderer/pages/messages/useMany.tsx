import { useEffect, useRef, useState } from 'react'
import { bytes, counted, integer } from '../../format/numbers'
import { ask } from '../../host'
import { Area, Choice, Field, Labelled } from '../../parts/Field'
import { attempt, notify } from '../../stores/notices'
import { Done } from './Done'
import { type FileFormat, type FileMessage, fileFormats, likelyFormat, messagesOf } from './import-file'
import { Requests } from './import-requests'
import css from './messages.module.css'
import type { Target } from './Produce'
import { useFileCheck } from './useFileCheck'

const titles: Readonly<Record<FileFormat, string>> = {
  jsonl: 'JSON Lines, as an export writes messages',
  csv: 'CSV whose first line names the columns',
  values: 'A value per line',
  pairs: 'Key and value per line',
}

const shownMessages = 3
const shownCharacters = 120

/** Many messages, each of its own: of lines that are typed, or of a file, which is read piece by piece and never held whole. */
export function useMany(target: Target, onDone: () => void) {
  const [file, setFile] = useState<File | null>(null)
  const [lines, setLines] = useState('')
  const [format, setFormat] = useState<FileFormat>('values')
  const [separator, setSeparator] = useState(':')
  const [keepPartitions, setKeepPartitions] = useState(false)
  const [written, setWritten] = useState<number | null>(null)
  const isStopped = useRef(false)
  // Who leaves the page stops it.
  useEffect(
    () => () => {
      isStopped.current = true
    },
    [],
  )
  const between = separator.replaceAll('\\t', '\t')
  const { check, source } = useFileCheck(file, lines, format, between)
  const isReady = target.topic !== '' && written === null && check.done && check.messages > 0 && check.problem === null
  const choose = (next: File | null) => {
    if (next) void attempt(async () => setFormat(await likelyFormat(next.name, next)))
    setFile(next)
  }
  const type = (text: string) => {
    setLines(text)
    // The first lines decide, until somebody does.
    if (lines === '') void attempt(async () => setFormat(await likelyFormat('', new Blob([text]))))
  }
  const write = () =>
    attempt(async () => {
      isStopped.current = false
      setWritten(0)
      let done = 0
      const send = async (part: readonly FileMessage[]) => {
        if (part.length === 0) return
        const messages = part.map(({ message }) => (keepPartitions ? message : { ...message, partition: null }))
        const outcome = await ask('messages.import', { topic: target.topic, codec: target.codec, messages })
        if (outcome.refused) throw new Error(`Line ${part[outcome.refused.index]?.line}: ${outcome.refused.why}.`)
        done += outcome.written
        setWritten(done)
      }
      try {
        const requests = new Requests()
        for await (const { items } of messagesOf(source, format, between)) {
          for (const item of items) {
            const full = requests.add(item)
            if (full) await send(full)
            if (isStopped.current) break
          }
          if (isStopped.current) break
        }
        if (!isStopped.current) await send(requests.rest())
        if (isStopped.current) {
          const of = `${integer(done)} of ${counted(check.messages, 'message')}`
          notify({ kind: 'done', text: `Stopped: ${of} are written to ${target.topic}.` })
        } else {
          notify({ kind: 'done', text: `Wrote ${counted(done, 'message')} to ${target.topic}.` })
          onDone()
        }
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        throw new Error(`${why} ${done === 0 ? 'Nothing was written.' : `${counted(done, 'message')} were written.`}`)
      } finally {
        setWritten(null)
      }
    })
  const namesPartitions = format === 'jsonl' || format === 'csv'
  const form = (
    <fieldset className={css.many} disabled={written !== null}>
      <Labelled label="File">
        <input
          type="file"
          accept=".jsonl,.ndjson,.json,.csv,.tsv,.txt"
          onChange={(event) => choose(event.target.files?.[0] ?? null)}
        />
      </Labelled>
      {!file && (
        <Labelled label="Or lines">
          <Area rows={6} value={lines} placeholder={'one\ntwo\nthree'} onChange={(event) => type(event.target.value)} />
        </Labelled>
      )}
      <div className={css.readAs}>
        <Labelled label="Read as">
          <Choice aria-label="Read as" value={format} onChange={(event) => setFormat(event.target.value as FileFormat)}>
            {fileFormats.map((id) => (
              <option key={id} value={id}>
                {titles[id]}
              </option>
            ))}
          </Choice>
        </Labelled>
        {format === 'pairs' && (
          <Labelled label="Separator (\t: tab)">
            <Field value={separator} onChange={(event) => setSeparator(event.target.value)} />
          </Labelled>
        )}
      </div>
      {namesPartitions && (
        <label className="quiet">
          <input
            type="checkbox"
            checked={keepPartitions}
            onChange={(event) => setKeepPartitions(event.target.checked)}
          />{' '}
          to the partitions that the lines name, instead of by key
        </label>
      )}
      {check.first.length > 0 && written === null && (
        <div className={css.preview}>
          <p className="quiet" role="status">
            {counted(check.messages, 'message')}
            {check.done ? `, ${bytes(source.size)}` : ' so far'}. First:
          </p>
          {check.first.slice(0, shownMessages).map(({ line, message }) => (
            <p key={line} className="data">
              {shown(message.key)} → {shown(message.value)}
              {message.headers.length > 0 ? ` · ${counted(message.headers.length, 'header')}` : ''}
            </p>
          ))}
        </div>
      )}
      {!check.done && source.size > 0 && (
        <Done label="Read" share={check.readBytes / source.size}>
          read
        </Done>
      )}
      {check.problem !== null && (
        <p className={css.problem} role="alert">
          {check.problem}
        </p>
      )}
      {written !== null && (
        <Done label="Write" share={check.messages === 0 ? 0 : written / check.messages}>
          {integer(written)} written
        </Done>
      )}
    </fieldset>
  )
  return {
    form,
    write,
    isReady,
    deed: check.done && check.messages > 0 ? `Write ${counted(check.messages, 'message')}` : 'Write',
    isBusy: written !== null,
    stop: () => {
      isStopped.current = true
    },
  }
}

function shown(payload: FileMessage['message']['key']): string {
  if (payload === null) return 'null'
  const text = typeof payload === 'string' ? payload : `base64 ${payload.base64}`
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text || 'empty'
}
