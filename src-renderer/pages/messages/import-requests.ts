import { utf8 } from '../../format/bytes'
import { bytes as bytesText } from '../../format/numbers'
import type { FileMessage } from './import-file'

/** What is sent at once: about what a producer's batch holds. */
const usualBytes = 1024 * 1024
const usualMessages = 2000
/** A page and its server exchange nothing larger than 16 MiB. */
const mostBytes = 15_500_000

/** @throws Error when a message is larger than what a page can send */
export function checkSendable(message: unknown): number {
  const size = utf8(JSON.stringify(message)).length
  if (size > mostBytes) {
    throw new Error(`the message takes ${bytesText(size)} to send, and a page can send ${bytesText(mostBytes)} at once`)
  }
  return size
}

/** Gathers messages into requests by their size. */
export class Requests {
  #messages: FileMessage[] = []
  #sizeBytes = 0

  /** Returns what is to be sent before this message. @throws Error that names the line */
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

  /** What was gathered since. */
  rest(): readonly FileMessage[] {
    const messages = this.#messages
    this.#messages = []
    this.#sizeBytes = 0
    return messages
  }
}
