export { keyOf, parseKey, type TopicPartition, type TopicPartitionKey } from '../base/topic-partition'
