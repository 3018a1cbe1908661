export { groupByTopic, keyOf, parseKey, type TopicPartition, type TopicPartitionKey } from '../base/topic-partition'
