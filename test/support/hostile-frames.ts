import { corpus } from '../golden/corpus'

/** Numbers from a seed, so that a failure can be replayed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

interface Line {
  readonly key: number
  readonly api: string
  readonly kind: 'request' | 'response'
  readonly version: number
  readonly flexible: boolean
  readonly hex: string
}

const extremes = [0, 1, -1, -2, 2_147_483_647, -2_147_483_648, 2_000_000_000, 65_535, 1_000_000]

/** Frames as a hostile or broken client sends them: requests of every API, whole or mutated, and noise. Each with its length in front. */
export class HostileFrames {
  readonly #random: () => number
  readonly #requests: readonly Line[]

  constructor(seed: number) {
    this.#random = randomFrom(seed)
    this.#requests = [...corpus<Line>('messages'), ...corpus<Line>('messages-dropped')].filter(
      ({ kind }) => kind === 'request',
    )
  }

  /** The APIs that frames are made of. */
  get apis(): ReadonlySet<string> {
    return new Set(this.#requests.map(({ api }) => api))
  }

  next(): { readonly api: string; readonly bytes: Buffer } {
    if (this.#random() < 0.05) return { api: 'noise', bytes: framed(this.#noise(this.#below(400))) }
    const line = this.#requests[this.#below(this.#requests.length)]
    if (!line) throw new Error('the corpus is empty')
    const frame = Buffer.concat([header(line), Buffer.from(line.hex, 'hex')])
    const mutated = this.#random() < 0.2 ? frame : this.#mutated(frame)
    const bytes = framed(mutated)
    // A length that is not that of the frame.
    if (this.#random() < 0.03) bytes.writeInt32BE(extremes[this.#below(extremes.length)] ?? 0, 0)
    return { api: line.api, bytes }
  }

  #mutated(frame: Buffer): Buffer {
    let bytes: Buffer = Buffer.from(frame)
    for (let i = 1 + this.#below(4); i > 0; i--) {
      const at = this.#below(bytes.length)
      const way = this.#random()
      if (way < 0.35) bytes[at] = this.#below(256)
      else if (way < 0.6 && at + 4 <= bytes.length) bytes.writeInt32BE(extremes[this.#below(extremes.length)] ?? 0, at)
      else if (way < 0.75) bytes = bytes.subarray(0, at)
      else if (way < 0.85) bytes = Buffer.concat([bytes, this.#noise(this.#below(64))])
      else bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(this.#below(bytes.length))])
      if (bytes.length === 0) return bytes
    }
    return bytes
  }

  #noise(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.#below(256)))
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }
}

function framed(frame: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(frame.length)
  return Buffer.concat([length, frame])
}

function header({ key, version, flexible }: Line): Buffer {
  const clientId = Buffer.from('hostile')
  const head = Buffer.alloc(10)
  head.writeInt16BE(key, 0)
  head.writeInt16BE(version, 2)
  head.writeInt32BE(7, 4)
  head.writeInt16BE(clientId.length, 8)
  return Buffer.concat([head, clientId, Buffer.alloc(flexible ? 1 : 0)])
}
