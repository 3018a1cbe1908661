import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import type { SchemaForm } from '../../../src-main/contract/schema-form'
import { type Encoding, encodedMessages, type RefusedLine } from './encode-many'
import { type FileFormat, type FileMessage, messagesOf } from './import-file'
import { Requests } from './import-requests'
import { texts } from './texts'

export interface FileCheck {
  readonly messages: number
  readonly readBytes: number
  /** The first messages, to check that the format is right. */
  readonly first: readonly FileMessage[]
  readonly done: boolean
  readonly problem: string | null
  /** Messages that do not fit the schema; the first of them with their lines. */
  readonly refused: number
  readonly firstRefused: readonly RefusedLine[]
}

/** A schema that the values of a file are encoded with. */
export interface FileSchema {
  readonly encoding: Encoding
  readonly form: SchemaForm
}

const nothing: FileCheck = {
  messages: 0,
  readBytes: 0,
  first: [],
  done: false,
  problem: null,
  refused: 0,
  firstRefused: [],
}
const keptMessages = 10
const keptRefused = 20

/** Reads the whole file before anything is written, so that errors are found while nothing has changed yet. */
export function useFileCheck(
  file: File | null,
  lines: string,
  format: FileFormat,
  separator: string,
  schema: FileSchema | null,
) {
  const text = useDeferredValue(lines)
  const source = useMemo<Blob>(() => file ?? new Blob([text]), [file, text])
  const [check, setCheck] = useState(nothing)
  useEffect(() => {
    let isStopped = false
    setCheck(nothing)
    if (source.size === 0 || separator === '') return
    const run = async () => {
      let state = nothing
      let shownBytes = 0
      try {
        const requests = new Requests()
        for await (const { items, readBytes } of messagesOf(source, format, separator, schema?.form)) {
          if (isStopped) return
          const { messages, refused } = schema
            ? await encodedMessages(items, schema.encoding)
            : { messages: items, refused: [] }
          if (isStopped) return
          for (const item of messages) requests.add(item)
          const left = new Set(refused.map(({ line }) => line))
          state = {
            ...state,
            messages: state.messages + messages.length,
            refused: state.refused + refused.length,
            firstRefused: [...state.firstRefused, ...refused].slice(0, keptRefused),
            readBytes,
            first: [...state.first, ...items.filter(({ line }) => !left.has(line))].slice(0, keptMessages),
          }
          if (readBytes - shownBytes < source.size / 100) continue
          shownBytes = readBytes
          setCheck(state)
        }
        state = { ...state, done: true, problem: state.messages + state.refused === 0 ? texts.import.noMessage : null }
      } catch (error) {
        state = { ...state, problem: error instanceof Error ? error.message : String(error), done: true }
      }
      if (!isStopped) setCheck(state)
    }
    void run()
    return () => {
      isStopped = true
    }
  }, [source, format, separator, schema])
  return { check, source }
}
