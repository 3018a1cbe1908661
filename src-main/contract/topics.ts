/** 64-bit numbers are decimal text; times are ms since the epoch, -1 for none. */

/** A topic where it is only named or chosen. */
export interface TopicName {
  readonly name: string
  readonly internal: boolean
  readonly partitions: number
}

export interface TopicLine extends TopicName {
  readonly id: string
  /** Records, without control records. */
  readonly messages: number
  readonly sizeBytes: number
  readonly cleanupPolicy: string
  readonly inPerSecond: number
  readonly inBytesPerSecond: number
  readonly outBytesPerSecond: number
  readonly lastMessageAt: number
  readonly groups: readonly TopicGroup[]
}

/** A group that has committed to a topic, and how many records it is behind there. */
export interface TopicGroup {
  readonly groupId: string
  readonly lag: number
}

/** A group that has committed offsets of a topic, or a member that subscribes to it or reads it. */
export interface TopicGroupLine {
  readonly groupId: string
  readonly state: string
  /** Members that subscribe to the topic or read it. */
  readonly members: number
  /** `null`: it has committed nothing there. */
  readonly lag: number | null
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

/** A group that loses something with a topic. */
export interface GroupAtRisk {
  readonly groupId: string
  readonly state: string
  readonly members: number
  /** By partition, what it has committed; it can be none of a member's. */
  readonly committed: readonly { readonly partition: number; readonly offset: number }[]
}

/** What is lost with a topic, and who notices. */
export interface TopicImpact {
  readonly topic: string
  readonly partitions: number
  /** Of a cluster elsewhere these are offsets. */
  readonly records: number
  /** `null`: not told. */
  readonly sizeBytes: number | null
  /** Time of the newest record; -1: none, or not told. */
  readonly newestAt: number
  readonly groups: readonly GroupAtRisk[]
  /** Client ids that are connected and have written to it; `null`: a cluster does not tell. */
  readonly writers: readonly string[] | null
  /** Producer ids that its logs remember, and when each wrote last (-1: not known); `null`: not told. The newest first. */
  readonly producers: readonly { readonly producerId: string; readonly lastAt: number }[] | null
}
