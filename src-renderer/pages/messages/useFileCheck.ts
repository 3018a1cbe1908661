import { useDeferredValue, useEffect, useMemo, useState } from 'react'
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
}

const nothing: FileCheck = { messages: 0, readBytes: 0, first: [], done: false, problem: null }
const keptMessages = 10

/** Reads the whole file before anything is written, so that errors are found while nothing has changed yet. */
export function useFileCheck(file: File | null, lines: string, format: FileFormat, separator: string) {
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
        for await (const { items, readBytes } of messagesOf(source, format, separator)) {
          if (isStopped) return
          for (const item of items) requests.add(item)
          state = {
            ...state,
            messages: state.messages + items.length,
            readBytes,
            first: [...state.first, ...items].slice(0, keptMessages),
          }
          if (readBytes - shownBytes < source.size / 100) continue
          shownBytes = readBytes
          setCheck(state)
        }
        state = { ...state, done: true, problem: state.messages === 0 ? texts.import.noMessage : null }
      } catch (error) {
        state = { ...state, problem: error instanceof Error ? error.message : String(error), done: true }
      }
      if (!isStopped) setCheck(state)
    }
    void run()
    return () => {
      isStopped = true
    }
  }, [source, format, separator])
  return { check, source }
}
