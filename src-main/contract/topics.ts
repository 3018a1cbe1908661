/** 64-bit numbers are decimal text; times are ms since the epoch, -1 for none. */

export interface TopicLine {
  readonly name: string
  readonly id: string
  readonly internal: boolean
  readonly partitions: number
  /** Records, without control records. */
  readonly messages: number
  readonly sizeBytes: number
  readonly cleanupPolicy: string
  readonly inPerSecond: number
  readonly inBytesPerSecond: number
  readonly outBytesPerSecond: number
  readonly lastMessageAt: number
  readonly groups: readonly { readonly groupId: string; readonly lag: number }[]
}

export interface PartitionLine {
  readonly number: number
  readonly start: number
  readonly end: number
  readonly stable: number
  readonly sizeBytes: number
  readonly newestAt: number
  readonly producers: number
}

export interface ConfigLine {
  readonly name: string
  readonly value: string | null
  readonly type: string
  readonly source: string
  readonly readOnly: boolean
  readonly secret: boolean
  readonly isDefault: boolean
  readonly documentation: string | null
}
