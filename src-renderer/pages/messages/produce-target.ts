export const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

/** Topic and compression of the messages. */
export interface Target {
  /** Empty while none is chosen. */
  readonly topic: string
  readonly partitions: number
  readonly codec: (typeof codecs)[number]
}
