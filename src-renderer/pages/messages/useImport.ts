import { useEffect, useRef, useState } from 'react'
import { type FormAction, messageOf, useFormAction } from '../../parts/useFormAction'
import { change } from '../../stores/can'
import { useDraft } from '../../stores/drafts'
import { attempt, notify } from '../../stores/notices'
import { encodedMessages } from './encode-many'
import { type FileFormat, type FileMessage, likelyFormat, messagesOf } from './import-file'
import { Requests } from './import-requests'
import type { Target } from './produce-target'
import { texts } from './texts'
import { type FileCheck, type FileSchema, useFileCheck } from './useFileCheck'
import { draftPrefix } from './useOne'

/** Many messages that are read from a file, or from typed lines. */
export interface Import {
  readonly file: File | null
  readonly setFile: (file: File | null) => void
  readonly lines: string
  readonly setLines: (lines: string) => void
  readonly format: FileFormat
  readonly setFormat: (format: FileFormat) => void
  readonly separator: string
  readonly setSeparator: (separator: string) => void
  readonly keepsPartitions: boolean
  readonly setKeepsPartitions: (keeps: boolean) => void
  /** `null`: values are written as they are. */
  readonly schema: FileSchema | null
  readonly setSchema: (schema: FileSchema | null) => void
  readonly topic: string
  readonly check: FileCheck
  readonly sizeBytes: number
  /** Number of messages written so far; `null` when nothing is being written. */
  readonly written: number | null
  readonly form: FormAction
  readonly isReady: boolean
  readonly hasDraft: boolean
  write(): Promise<void>
  stop(): void
}

/** State of the form for many messages. A file is read piece by piece and is never in memory as a whole. */
export function useImport(target: Target, onDone: () => void): Import {
  const [file, setFile] = useState<File | null>(null)
  const [lines, setLines] = useDraft(`${draftPrefix(target.topic)} lines`, '')
  const [format, setFormat] = useDraft<FileFormat>(`${draftPrefix(target.topic)} format`, 'values')
  const [separator, setSeparator] = useState(':')
  const [keepsPartitions, setKeepsPartitions] = useState(false)
  const [schema, setSchema] = useState<FileSchema | null>(null)
  const [written, setWritten] = useState<number | null>(null)
  const form = useFormAction()
  const isStopped = useRef(false)
  // Leaving the page stops the import.
  useEffect(
    () => () => {
      isStopped.current = true
    },
    [],
  )
  const between = separator.replaceAll('\\t', '\t')
  const { check, source } = useFileCheck(file, lines, format, between, schema)
  /** Grows with every choice of a format: a guess that comes after a newer one, or after the user's, is too late. */
  const choices = useRef(0)
  const guess = (name: string, content: Blob) => {
    const own = ++choices.current
    void attempt(async () => {
      const likely = await likelyFormat(name, content)
      if (own === choices.current) setFormat(likely)
    })
  }
  const write = async () => {
    isStopped.current = false
    setWritten(0)
    const outcome = await form.run(async () => {
      let done = 0
      try {
        done = await writeAll((count) => setWritten(count))
      } finally {
        setWritten(null)
      }
      const text = isStopped.current
        ? texts.import.stopped(done, check.messages, target.topic)
        : texts.import.done(done, target.topic)
      notify({ kind: 'done', text })
    })
    if (!outcome || isStopped.current) return
    setLines('')
    setFile(null)
    onDone()
  }
  /** Resolves to the number of messages written. @throws Error that says how many were written before */
  const writeAll = async (report: (written: number) => void): Promise<number> => {
    let done = 0
    const send = async (part: readonly FileMessage[]) => {
      if (part.length === 0) return
      const messages = part.map(({ message }) => (keepsPartitions ? message : { ...message, partition: null }))
      const { refused, written: count } = await change('messages.import', {
        topic: target.topic,
        codec: target.codec,
        messages,
      })
      if (refused) throw new Error(texts.import.rejected(part[refused.index]?.line, refused.why))
      done += count
      report(done)
    }
    try {
      const requests = new Requests()
      for await (const { items } of messagesOf(source, format, between, schema?.form)) {
        const messages = schema ? (await encodedMessages(items, schema.encoding)).messages : items
        for (const item of messages) {
          const full = requests.add(item)
          if (full) await send(full)
          if (isStopped.current) return done
        }
      }
      await send(requests.rest())
      return done
    } catch (error) {
      const written = done === 0 ? texts.import.nothingWritten : texts.import.partlyWritten(done)
      throw new Error(`${messageOf(error)} ${written}`)
    }
  }
  const isReadable = check.done && check.messages > 0 && check.problem === null
  return {
    file,
    setFile(next) {
      if (next) guess(next.name, next)
      setFile(next)
    },
    lines,
    setLines(text) {
      setLines(text)
      // The first lines decide the format, until the user chooses one.
      if (lines === '') guess('', new Blob([text]))
    },
    format,
    setFormat(next) {
      choices.current++
      setFormat(next)
    },
    separator,
    setSeparator,
    keepsPartitions,
    setKeepsPartitions,
    schema,
    setSchema,
    topic: target.topic,
    check,
    sizeBytes: source.size,
    written,
    form,
    isReady: target.partitions > 0 && written === null && isReadable,
    hasDraft: file !== null || lines !== '',
    write,
    stop: () => {
      isStopped.current = true
    },
  }
}
