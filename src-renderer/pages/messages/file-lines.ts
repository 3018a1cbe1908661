/** A line of a file, without its end. */
export interface FileLine {
  readonly number: number
  readonly bytes: Uint8Array
}

/** Items of one piece of a file, and the position in the file after it. */
export interface FilePiece<Item> {
  readonly items: readonly Item[]
  readonly readBytes: number
}

const lineFeed = 10
const carriageReturn = 13
/** Longer than any message that a page can send. */
const longest = 32 * 1024 * 1024

/** About one frame: between two pieces the page can draw and handle input. */
const busyMs = 12

/** Reads a file piece by piece; it is never in memory as a whole. Ending the iteration stops the reading. */
export async function* piecesOf(file: Blob): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader()
  let since = performance.now()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
      if (performance.now() - since < busyMs) continue
      await yieldToOthers()
      since = performance.now()
    }
  } finally {
    await reader.cancel()
  }
}

/** Reads the lines of a file. @throws Error for a line that is too long for a message */
export async function* linesOf(file: Blob): AsyncGenerator<FilePiece<FileLine>> {
  let readBytes = 0
  let number = 1
  let pending: Uint8Array[] = []
  let pendingBytes = 0
  const ended = (rest: Uint8Array): FileLine => {
    const bytes = pending.length === 0 ? rest : joined([...pending, rest])
    pending = []
    pendingBytes = 0
    const line = { number, bytes: trimmed(number === 1 ? withoutMark(bytes) : bytes) }
    number++
    return line
  }
  for await (const piece of piecesOf(file)) {
    const items: FileLine[] = []
    let from = 0
    for (let at = piece.indexOf(lineFeed); at >= 0; at = piece.indexOf(lineFeed, from)) {
      items.push(ended(piece.subarray(from, at)))
      from = at + 1
    }
    pending.push(piece.slice(from))
    pendingBytes += piece.length - from
    if (pendingBytes > longest) throw new Error(`Line ${number} is longer than any message. Is this a file of lines?`)
    readBytes += piece.length
    yield { items, readBytes }
  }
  if (pendingBytes > 0) yield { items: [ended(new Uint8Array())], readBytes }
}

/** Yields to other events. A message port does that without the delay that hidden pages put on timers. */
function yieldToOthers(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => {
      port1.close()
      resolve()
    })
    port1.start()
    port2.postMessage(null)
  })
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Without the carriage return of Windows' line ends. */
function trimmed(bytes: Uint8Array): Uint8Array {
  return bytes[bytes.length - 1] === carriageReturn ? bytes.subarray(0, -1) : bytes
}

/** Without the mark of UTF-8 that some editors put in front of a file. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}
