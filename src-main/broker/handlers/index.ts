import type { Handler } from '../handler'
import { alterConfigs, incrementalAlterConfigs } from './alter-configs'
import { createPartitions } from './create-partitions'
import { createTopics } from './create-topics'
import { deleteRecords } from './delete-records'
import { deleteTopics } from './delete-topics'
import { describeCluster } from './describe-cluster'
import { describeConfigs } from './describe-configs'
import { describeLogDirs } from './describe-log-dirs'
import { describeTopicPartitions } from './describe-topic-partitions'
import { fetch } from './fetch'
import { listConfigResources } from './list-config-resources'
import { listOffsets } from './list-offsets'
import { metadata } from './metadata'
import { offsetForLeaderEpoch } from './offset-for-leader-epoch'
import { produce } from './produce'

/** Everything that is served, but ApiVersions, which is computed from it. */
export const handlers: readonly Handler[] = [
  produce,
  fetch,
  listOffsets,
  metadata,
  createTopics,
  deleteTopics,
  deleteRecords,
  offsetForLeaderEpoch,
  describeConfigs,
  alterConfigs,
  describeLogDirs,
  createPartitions,
  incrementalAlterConfigs,
  describeCluster,
  listConfigResources,
  describeTopicPartitions,
] as unknown as readonly Handler[]
