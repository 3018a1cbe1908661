import type { ConfigDefinition } from './definition'

const strategies = [
  'io.confluent.kafka.serializers.subject.TopicNameStrategy',
  'io.confluent.kafka.serializers.subject.RecordNameStrategy',
  'io.confluent.kafka.serializers.subject.TopicRecordNameStrategy',
]

/**
 * Topic configs of Confluent's server that Apache Kafka has not: each key or value must name a schema of its subject. They can be set, and
 * are described only where they are.
 */
export const schemaValidationDefinitions: readonly ConfigDefinition[] = [
  ['confluent.key.schema.validation', 'boolean', 'false'],
  ['confluent.value.schema.validation', 'boolean', 'false'],
  ['confluent.key.subject.name.strategy', 'string', strategies[0] ?? '', { oneOf: strategies }],
  ['confluent.value.subject.name.strategy', 'string', strategies[0] ?? '', { oneOf: strategies }],
]
