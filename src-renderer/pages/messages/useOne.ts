import { useCallback, useEffect, useRef, useState } from 'react'
import type { Cell } from '../../../src-main/contract/messages'
import { ask } from '../../host'
import { type FormAction, useFormAction } from '../../parts/useFormAction'
import { change } from '../../stores/can'
import { useDraft } from '../../stores/drafts'
import { notify } from '../../stores/notices'
import type { HeaderDraft } from './HeaderRows'
import type { FileMessage } from './import-file'
import { checkSendable, Requests } from './import-requests'
import { prettyJson } from './json'
import { draftOf, emptyDraft, nullDraft, type PayloadDraft, payloadOf } from './payload-draft'
import type { Place } from './place'
import { filledDraft, fillingOf, UnknownPlaceholder } from './placeholders'
import type { Target } from './produce-target'
import { texts } from './texts'

/** One message that is being written. */
export interface OneMessage {
  readonly key: PayloadDraft
  readonly setKey: (key: PayloadDraft) => void
  readonly value: PayloadDraft
  readonly setValue: (value: PayloadDraft) => void
  readonly headers: readonly HeaderDraft[]
  readonly setHeaders: (headers: readonly HeaderDraft[]) => void
  /** Empty: chosen by the key. */
  readonly partition: string
  readonly setPartition: (partition: string) => void
  readonly copies: string
  /** ms; `null`: now. */
  readonly timestamp: number | null
  readonly setTimestamp: (at: number | null) => void
  readonly setCopies: (copies: string) => void
  /** Placeholders in the texts are filled, again for each message. */
  readonly isFilled: boolean
  readonly setFilled: (isFilled: boolean) => void
  readonly topic: string
  /** A schema that the message which is sent again names, and what that says as JSON. */
  readonly registered: Registered
  /** Why a key or value that is encoded with a schema has no bytes yet. */
  setProblem(part: 'key' | 'value', problem: string | null): void
  readonly form: FormAction
  readonly isReady: boolean
  /** There is input that was not sent. */
  readonly hasDraft: boolean
  send(): Promise<void>
}

export interface Registered {
  readonly key: { readonly subject: string; readonly json: string } | null
  readonly value: { readonly subject: string; readonly json: string } | null
}

const noneRegistered: Registered = { key: null, value: null }
const noProblems: Readonly<Record<'key' | 'value', string | null>> = { key: null, value: null }

function registeredIn(cell: Cell): Registered['key'] {
  return cell.kind !== 'null' && cell.schema && !cell.cut
    ? { subject: cell.schema.subject, json: prettyJson(cell.text) }
    : null
}

const noHeaders: readonly HeaderDraft[] = []
/** As the contract has it. */
export const mostCopies = 10_000

/** State of the form for one message. A message that is edited and sent again keeps the bytes that were not edited. */
export function useOne(target: Target, from: Place | null, onSent: () => void): OneMessage {
  const draft = from === null ? draftPrefix(target.topic) : null
  const [key, setKey] = useDraft(draft && `${draft} key`, nullDraft)
  const [value, setValue] = useDraft(draft && `${draft} value`, emptyDraft)
  const [headers, setHeaders] = useDraft(draft && `${draft} headers`, noHeaders)
  const [partition, setPartition] = useState('')
  const [copies, setCopies] = useState('1')
  const [isFilled, setFilled] = useState(false)
  const [timestamp, setTimestamp] = useState<number | null>(null)
  const [isRead, setRead] = useState(from === null)
  const [registered, setRegistered] = useState(noneRegistered)
  const [problems, setProblems] = useState(noProblems)
  const setProblem = useCallback(
    (part: 'key' | 'value', problem: string | null) => setProblems((all) => ({ ...all, [part]: problem })),
    [],
  )
  /** The input that needs no confirmation to be dropped: the initial one, and the one that was sent last. */
  const saved = useRef<readonly unknown[]>([nullDraft, emptyDraft, noHeaders])
  const form = useFormAction()
  useEffect(() => {
    if (!from) return
    const { topic, partition: of, offset } = from
    void form.run(async () => {
      const message = await ask('messages.exact', { topic, partition: of, offset })
      const [readKey, readValue] = [draftOf(message.key), draftOf(message.value)]
      const readHeaders = message.headers.map((header, id) => ({ id, key: header.key, value: draftOf(header.value) }))
      saved.current = [readKey, readValue, readHeaders]
      const shown = await ask('messages.detail', { topic, partition: of, offset })
      setRegistered({ key: registeredIn(shown.key), value: registeredIn(shown.value) })
      setKey(readKey)
      setValue(readValue)
      setHeaders(readHeaders)
      setRead(true)
    })
  }, [from])
  // Another topic may have fewer partitions.
  const chosen = partition !== '' && Number(partition) < target.partitions ? partition : ''
  const send = async () => {
    await form.run(async () => {
      const text = await (isFilled ? sendFilled() : sendCopies())
      saved.current = [key, value, headers]
      notify({ kind: 'done', text })
      onSent()
    })
  }
  /** The same message, as often as asked. */
  const sendCopies = async () => {
    const message = {
      topic: target.topic,
      partition: chosen === '' ? null : Number(chosen),
      timestamp,
      key: payloadOf(key),
      value: payloadOf(value),
      headers: headers.map((header) => ({ key: header.key, value: payloadOf(header.value) })),
      codec: target.codec,
      count: Number(copies),
    }
    checkSendable(message)
    const { partition: to, offset } = await change('messages.produce', message)
    const { written, writtenCopies } = texts.produce
    return message.count === 1
      ? written(target.topic, to, offset)
      : writtenCopies(message.count, target.topic, to, offset)
  }
  /** Messages that differ in what their placeholders are filled with. */
  const sendFilled = async () => {
    const messageOf = (number: number): FileMessage => {
      const filling = fillingOf(number)
      const payload = (draft: PayloadDraft) => payloadOf(filledDraft(draft, filling))
      const partition = chosen === '' ? null : Number(chosen)
      const sent = headers.map((header) => ({ key: header.key, value: payload(header.value) }))
      return {
        line: number,
        message: { partition, timestamp, key: payload(key), value: payload(value), headers: sent },
      }
    }
    let written = 0
    const sendPart = async (part: readonly FileMessage[]) => {
      const messages = part.map(({ message }) => message)
      const { refused } = await change('messages.import', { topic: target.topic, codec: target.codec, messages })
      if (refused) throw new Error(texts.produce.rejected(part[refused.index]?.line ?? 1, refused.why))
      written += part.length
    }
    const count = Number(copies)
    if (!Number.isInteger(count) || count < 1 || count > mostCopies)
      throw new Error(texts.produce.copiesLimit(mostCopies))
    const requests = new Requests()
    try {
      for (let number = 1; number <= count; number++) {
        const full = requests.add(messageOf(number))
        if (full) await sendPart(full)
      }
      await sendPart(requests.rest())
    } catch (error) {
      if (error instanceof UnknownPlaceholder) throw new Error(texts.produce.unknownPlaceholder(error.placeholder))
      if (written === 0) throw error
      throw new Error(
        `${error instanceof Error ? error.message : String(error)} ${texts.import.partlyWritten(written)}`,
      )
    }
    return texts.import.done(count, target.topic)
  }
  const [savedKey, savedValue, savedHeaders] = saved.current
  return {
    key,
    setKey,
    value,
    setValue,
    headers,
    setHeaders,
    partition: chosen,
    setPartition,
    copies,
    setCopies,
    isFilled,
    setFilled,
    timestamp,
    setTimestamp,
    topic: target.topic,
    registered,
    setProblem,
    form,
    isReady: problems.key === null && problems.value === null && isRead && target.partitions > 0 && !form.isBusy,
    hasDraft: key !== savedKey || value !== savedValue || headers !== savedHeaders,
    send,
  }
}

/** Prefix of the draft keys of a topic. */
export function draftPrefix(topic: string): string {
  return `produce ${topic}`
}
