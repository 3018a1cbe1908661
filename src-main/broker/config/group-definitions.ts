import type { ConfigDefinition } from './definition'

/** Group configs of Apache Kafka 4.4 (org.apache.kafka.coordinator.group.GroupConfig). */
export const groupDefinitions: readonly ConfigDefinition[] = [
  ['consumer.assignment.interval.ms', 'int', '1000', { min: 0 }],
  ['consumer.heartbeat.interval.ms', 'int', '5000', { min: 1 }],
  ['consumer.session.timeout.ms', 'int', '45000', { min: 1 }],
  ['errors.deadletterqueue.copy.record.enable', 'boolean', 'false'],
  ['errors.deadletterqueue.topic.name', 'string', ''],
  ['share.assignment.interval.ms', 'int', '1000', { min: 0 }],
  [
    'share.auto.offset.reset',
    'string',
    'latest',
    {
      // ShareGroupAutoOffsetResetStrategy: a duration as java.time.Duration.parse takes it, not negative.
      pattern:
        /^(latest|earliest|by_duration:[pP](?=.)(\d+[dD])?([tT](?=.)(\d+[hH])?(\d+[mM])?(\d+(\.\d{0,9})?[sS])?)?)$/,
      otherwise: "The value must be either 'earliest', 'latest' or of the format 'by_duration:<PnDTnHnMn.nS>'.",
    },
  ],
  ['share.delivery.count.limit', 'int', '5', { min: 2 }],
  ['share.heartbeat.interval.ms', 'int', '5000', { min: 1 }],
  ['share.isolation.level', 'string', 'read_uncommitted', { oneOf: ['read_committed', 'read_uncommitted'] }],
  ['share.partition.max.record.locks', 'int', '2000', { min: 100 }],
  ['share.record.lock.duration.ms', 'int', '30000', { min: 1000 }],
  ['share.renew.acknowledge.enable', 'boolean', 'true'],
  ['share.session.timeout.ms', 'int', '45000', { min: 1 }],
  ['streams.assignment.interval.ms', 'int', '1000', { min: 0 }],
  ['streams.assignor.name', 'string', 'sticky'],
  ['streams.heartbeat.interval.ms', 'int', '5000', { min: 1 }],
  ['streams.initial.rebalance.delay.ms', 'int', '3000', { min: 0 }],
  ['streams.num.standby.replicas', 'int', '0', { min: 0 }],
  ['streams.rack.aware.assignment.tags', 'list', ''],
  ['streams.session.timeout.ms', 'int', '45000', { min: 1 }],
]
