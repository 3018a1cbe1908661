/**
 * Why the configs of a topic contradict each other, or ask for what the broker does not do, in Kafka's words (LogConfig.validateValues,
 * LogConfig.validateTopicLogConfigValues). `value` gives the effective value of a config.
 */
export function topicConfigConflict(value: (name: string) => string): string | undefined {
  const [min, max] = [value('min.compaction.lag.ms'), value('max.compaction.lag.ms')]
  if (BigInt(min) > BigInt(max)) {
    return `conflict topic config setting min.compaction.lag.ms (${min}) > max.compaction.lag.ms (${max})`
  }
  if (value('remote.storage.enable').toLowerCase() === 'true') {
    return 'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.'
  }
  return undefined
}
