import type { Handler } from '../handler'
import { alterConfigs, incrementalAlterConfigs } from './alter-configs'
import { consumerGroupDescribe } from './consumer-group-describe'
import { consumerGroupHeartbeat } from './consumer-group-heartbeat'
import { createPartitions } from './create-partitions'
import { createTopics } from './create-topics'
import { deleteGroups } from './delete-groups'
import { deleteRecords } from './delete-records'
import { deleteTopics } from './delete-topics'
import { describeCluster } from './describe-cluster'
import { describeConfigs } from './describe-configs'
import { describeGroups } from './describe-groups'
import { describeLogDirs } from './describe-log-dirs'
import { describeTopicPartitions } from './describe-topic-partitions'
import { fetch } from './fetch'
import { findCoordinator } from './find-coordinator'
import { heartbeat } from './heartbeat'
import { joinGroup } from './join-group'
import { leaveGroup } from './leave-group'
import { listConfigResources } from './list-config-resources'
import { listGroups } from './list-groups'
import { listOffsets } from './list-offsets'
import { metadata } from './metadata'
import { offsetCommit } from './offset-commit'
import { offsetDelete } from './offset-delete'
import { offsetFetch } from './offset-fetch'
import { offsetForLeaderEpoch } from './offset-for-leader-epoch'
import { produce } from './produce'
import { syncGroup } from './sync-group'

/** Everything that is served, but ApiVersions, which is computed from it. */
export const handlers: readonly Handler[] = [
  alterConfigs,
  incrementalAlterConfigs,
  consumerGroupDescribe,
  consumerGroupHeartbeat,
  createPartitions,
  createTopics,
  deleteGroups,
  deleteRecords,
  deleteTopics,
  describeCluster,
  describeConfigs,
  describeGroups,
  describeLogDirs,
  describeTopicPartitions,
  fetch,
  findCoordinator,
  heartbeat,
  joinGroup,
  leaveGroup,
  listConfigResources,
  listGroups,
  listOffsets,
  metadata,
  offsetCommit,
  offsetDelete,
  offsetFetch,
  offsetForLeaderEpoch,
  produce,
  syncGroup,
] as unknown as readonly Handler[]
