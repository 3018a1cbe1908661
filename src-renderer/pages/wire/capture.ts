import type { Client } from '../../../src-main/contract/client'
import type { ExchangeBatch, ExchangeLine } from '../../../src-main/contract/exchanges'

/** Requests that are kept, the newest first. */
const kept = 4000

export interface Capture {
  readonly lines: readonly ExchangeLine[]
  /** Requests that came while the rows were held still, the newest first. */
  readonly waiting: readonly ExchangeLine[]
  /** Requests that were left out: more came than could be shown. */
  readonly skipped: number
}

const nothing: Capture = { lines: [], waiting: [], skipped: 0 }

/** What was captured; it is kept while another page is shown, as long as the window is there. */
let capture = nothing
let owner: Client | null = null
let isHeld = false
/** The newest frame that closed a connection: those before it are here, or were cleared. */
let newestClosed = 0
const listeners = new Set<() => void>()

function publish(next: Capture): void {
  capture = next
  for (const listener of [...listeners]) listener()
}

export const present = (): Capture => capture

export function onCapture(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Another broker has other requests. */
export function captureOf(client: Client): void {
  if (owner === client) return
  owner = client
  newestClosed = 0
  publish(nothing)
}

/** The feed begins with what came after this one. */
export const seenUntil = (): number => newestClosed

export function take(batches: readonly ExchangeBatch[]): void {
  const came = batches.flatMap(({ lines }) => lines).reverse()
  for (const { seq, closed } of came) if (closed !== null) newestClosed = Math.max(newestClosed, seq)
  const skipped = capture.skipped + batches.reduce((sum, batch) => sum + batch.skipped, 0)
  if (isHeld) publish({ ...capture, skipped, waiting: [...came, ...capture.waiting].slice(0, kept) })
  else publish({ ...capture, skipped, lines: [...came, ...capture.lines].slice(0, kept) })
}

/** While the rows are looked at, new ones wait. */
export function hold(held: boolean): void {
  isHeld = held
  if (!held && capture.waiting.length > 0) {
    publish({ ...capture, lines: [...capture.waiting, ...capture.lines].slice(0, kept), waiting: [] })
  }
}

export function clear(): void {
  publish(nothing)
}
