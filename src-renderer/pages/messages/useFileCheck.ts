import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import { type FileFormat, type FileMessage, messagesOf } from './import-file'
import { Requests } from './import-requests'

export interface FileCheck {
  readonly messages: number
  readonly readBytes: number
  /** The first of them, to see whether they are read as was meant. */
  readonly first: readonly FileMessage[]
  readonly done: boolean
  readonly problem: string | null
}

const nothing: FileCheck = { messages: 0, readBytes: 0, first: [], done: false, problem: null }
const keptMessages = 10

/** Reads everything once before anything is written: what cannot be read is told while nothing has happened yet. */
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
      let toldBytes = 0
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
          if (readBytes - toldBytes < source.size / 100) continue
          toldBytes = readBytes
          setCheck(state)
        }
        state = { ...state, done: true, problem: state.messages === 0 ? 'There is no message in it.' : null }
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
