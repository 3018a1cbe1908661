import type { Decode } from '../decoders/decoder'

/** How keys and values of a topic are read. */
export interface Decoding {
  readonly key: Decode
  readonly value: Decode
  /** Somebody chose how keys are decoded: else a key that is a single number or word of JSON is the text that it is. */
  readonly isKeyChosen?: boolean
}
