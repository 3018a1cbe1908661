import type { Topics } from '../broker/log/topics'
import { Family, labels } from './text'

/** What was written to and read from a topic since the broker started. */
export interface TopicTraffic {
  readonly writtenRecords: number | null
  readonly writtenBytes: number | null
  readonly readBytes: number | null
}

/** Topics between which other work of this thread gets its turn. */
const portion = 200

/** Names of kafka-exporter, and of the JMX exporter for what that does not have. */
export async function topicMetrics(
  topics: Topics,
  traffic: ReadonlyMap<string, TopicTraffic>,
  mostPartitions: number,
): Promise<{ readonly families: readonly Family[]; readonly leftOut: number }> {
  const counts = new Family('kafka_topic_partitions', 'gauge', 'Number of partitions of this topic')
  const ends = new Family(
    'kafka_topic_partition_current_offset',
    'gauge',
    'Current offset (high watermark) of a partition',
  )
  const starts = new Family('kafka_topic_partition_oldest_offset', 'gauge', 'Oldest offset of a partition')
  const sizes = new Family('kafka_log_log_size', 'gauge', 'Bytes in the log of a partition')
  const records = counterOf('messagesin', 'Messages written to this topic since the broker started')
  const bytesIn = counterOf('bytesin', 'Bytes written to this topic since the broker started')
  const bytesOut = counterOf('bytesout', 'Bytes read from this topic since the broker started')
  let told = 0
  let leftOut = 0
  for (const [i, topic] of topics.all().entries()) {
    if (i % portion === portion - 1) await new Promise((resolve) => setImmediate(resolve))
    const own = labels({ topic: topic.name })
    counts.add(own, topic.partitionCount)
    const { writtenRecords, writtenBytes, readBytes } = traffic.get(topic.name) ?? noTraffic
    if (writtenRecords) records.add(own, writtenRecords)
    if (writtenBytes) bytesIn.add(own, writtenBytes)
    if (readBytes) bytesOut.add(own, readBytes)
    if (told + topic.partitionCount > mostPartitions) {
      leftOut += topic.partitionCount
      continue
    }
    told += topic.partitionCount
    for (const { number, highWatermark, logStartOffset, facts } of topic.partitions()) {
      const one = `${own},partition="${number}"`
      ends.add(one, highWatermark)
      starts.add(one, logStartOffset)
      sizes.add(one, facts.sizeBytes)
    }
  }
  return { families: [counts, ends, starts, sizes, records, bytesIn, bytesOut], leftOut }
}

const noTraffic: TopicTraffic = { writtenRecords: 0, writtenBytes: 0, readBytes: 0 }

function counterOf(what: string, help: string): Family {
  return new Family(`kafka_server_brokertopicmetrics_${what}_total`, 'counter', help)
}
