import { utf8 } from '../../format/bytes'
import { bytes as bytesText } from '../../format/numbers'
import type { FileMessage } from './import-file'

/** Size of one request: about that of a producer's batch. */
const usualBytes = 1024 * 1024
const usualMessages = 2000
/** A page and its server exchange at most 16 MiB at once. */
const mostBytes = 15_500_000

/** @throws Error when the message is larger than a page can send */
export function checkSendable(message: unknown): number {
  const size = utf8(JSON.stringify(message)).length
  if (size > mostBytes) {
    throw new Error(`the message takes ${bytesText(size)} to send, and a page can send ${bytesText(mostBytes)} at once`)
  }
  return size
}

/** Collects messages into requests of a limited size. */
export class Requests {
  #messages: FileMessage[] = []
  #sizeBytes = 0

  /** Adds a message; returns the full request that must be sent first, if any. @throws Error that names the line */
  add(one: FileMessage): readonly FileMessage[] | null {
    let size: number
    try {
      size = checkSendable(one.message)
    } catch (error) {
      throw new Error(`Line ${one.line}: ${error instanceof Error ? error.message : String(error)}.`)
    }
    const isFull = this.#sizeBytes + size > usualBytes || this.#messages.length >= usualMessages
    const full = isFull && this.#messages.length > 0 ? this.rest() : null
    this.#messages.push(one)
    this.#sizeBytes += size
    return full
  }

  /** Takes the messages of the last request. */
  rest(): readonly FileMessage[] {
    const messages = this.#messages
    this.#messages = []
    this.#sizeBytes = 0
    return messages
  }
}
