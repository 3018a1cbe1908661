/** A topic's effective configs that change what the broker does, parsed. Spans in ms, sizes in bytes, -1 is "no limit". */
export interface TopicSettings {
  readonly compact: boolean
  readonly deletes: boolean
  readonly compressionType: 'producer' | 'uncompressed' | 'gzip' | 'snappy' | 'lz4' | 'zstd'
  readonly timestampType: 'CreateTime' | 'LogAppendTime'
  readonly timestampBeforeMaxMs: number
  readonly timestampAfterMaxMs: number
  readonly maxMessageBytes: number
  readonly retentionMs: number
  readonly retentionBytes: number
  readonly deleteRetentionMs: number
  readonly minCompactionLagMs: number
  readonly maxCompactionLagMs: number
  readonly minCleanableDirtyRatio: number
  readonly segmentMs: number
  readonly segmentBytes: number
  /** Confluent's validation on the broker: the strategy that names the subject of keys or values; `null`: they are not validated. */
  readonly schemaValidation: { readonly key: string | null; readonly value: string | null }
}

/** Parses what `value` gives for each config name. */
export function topicSettings(value: (name: string) => string): TopicSettings {
  const policy = value('cleanup.policy')
    .split(',')
    .map((part) => part.trim())
  const number = (name: string) => Number(value(name))
  const strategy = (part: 'key' | 'value') =>
    value(`confluent.${part}.schema.validation`).trim().toLowerCase() === 'true'
      ? value(`confluent.${part}.subject.name.strategy`).trim()
      : null
  return {
    compact: policy.includes('compact'),
    deletes: policy.includes('delete'),
    compressionType: value('compression.type') as TopicSettings['compressionType'],
    timestampType: value('message.timestamp.type') as TopicSettings['timestampType'],
    timestampBeforeMaxMs: number('message.timestamp.before.max.ms'),
    timestampAfterMaxMs: number('message.timestamp.after.max.ms'),
    maxMessageBytes: number('max.message.bytes'),
    retentionMs: number('retention.ms'),
    retentionBytes: number('retention.bytes'),
    deleteRetentionMs: number('delete.retention.ms'),
    minCompactionLagMs: number('min.compaction.lag.ms'),
    maxCompactionLagMs: number('max.compaction.lag.ms'),
    minCleanableDirtyRatio: number('min.cleanable.dirty.ratio'),
    segmentMs: number('segment.ms'),
    segmentBytes: number('segment.bytes'),
    schemaValidation: { key: strategy('key'), value: strategy('value') },
  }
}
