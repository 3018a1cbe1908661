import type { RegisteredHandler } from '../handler'
import { createAcls, deleteAcls, describeAcls } from './acls'
import { addOffsetsToTxn } from './add-offsets-to-txn'
import { addPartitionsToTxn } from './add-partitions-to-txn'
import { alterConfigs, incrementalAlterConfigs } from './alter-configs'
import { alterReplicaLogDirs } from './alter-replica-log-dirs'
import { alterClientQuotas, describeClientQuotas } from './client-quotas'
import { consumerGroupDescribe } from './consumer-group-describe'
import { consumerGroupHeartbeat } from './consumer-group-heartbeat'
import { createPartitions } from './create-partitions'
import { createTopics } from './create-topics'
import {
  createDelegationToken,
  describeDelegationToken,
  expireDelegationToken,
  renewDelegationToken,
} from './delegation-tokens'
import { deleteGroups } from './delete-groups'
import { deleteRecords } from './delete-records'
import { deleteTopics } from './delete-topics'
import { describeCluster } from './describe-cluster'
import { describeConfigs } from './describe-configs'
import { describeGroups } from './describe-groups'
import { describeLogDirs } from './describe-log-dirs'
import { describeProducers } from './describe-producers'
import { describeQuorum } from './describe-quorum'
import { describeTopicPartitions } from './describe-topic-partitions'
import { describeTransactions } from './describe-transactions'
import { electLeaders } from './elect-leaders'
import { endTxn } from './end-txn'
import { fetch } from './fetch'
import { findCoordinator } from './find-coordinator'
import { heartbeat } from './heartbeat'
import { initProducerId } from './init-producer-id'
import { joinGroup } from './join-group'
import { leaveGroup } from './leave-group'
import { listConfigResources } from './list-config-resources'
import { listGroups } from './list-groups'
import { listOffsets } from './list-offsets'
import { listTransactions } from './list-transactions'
import { metadata } from './metadata'
import { offsetCommit } from './offset-commit'
import { offsetDelete } from './offset-delete'
import { offsetFetch } from './offset-fetch'
import { offsetForLeaderEpoch } from './offset-for-leader-epoch'
import { alterPartitionReassignments, listPartitionReassignments } from './partition-reassignments'
import { produce } from './produce'
import { addRaftVoter, removeRaftVoter } from './raft-voters'
import { saslAuthenticate } from './sasl-authenticate'
import { saslHandshake } from './sasl-handshake'
import { shareAcknowledge } from './share-acknowledge'
import { shareFetch } from './share-fetch'
import { shareGroupDescribe } from './share-group-describe'
import { shareGroupHeartbeat } from './share-group-heartbeat'
import { alterShareGroupOffsets, deleteShareGroupOffsets, describeShareGroupOffsets } from './share-group-offsets'
import {
  deleteShareGroupState,
  initializeShareGroupState,
  readShareGroupState,
  readShareGroupStateSummary,
  writeShareGroupState,
} from './share-group-state'
import { streamsGroupDescribe } from './streams-group-describe'
import { streamsGroupTopologyDescriptionUpdate } from './streams-group-description'
import { streamsGroupHeartbeat } from './streams-group-heartbeat'
import { syncGroup } from './sync-group'
import { getTelemetrySubscriptions, pushTelemetry } from './telemetry'
import { txnOffsetCommit } from './txn-offset-commit'
import { unregisterBroker } from './unregister-broker'
import { updateFeatures } from './update-features'
import { alterUserScramCredentials, describeUserScramCredentials } from './user-scram-credentials'
import { writeTxnMarkers } from './write-txn-markers'

/** Every API that is served, except ApiVersions, which is computed from them. */
export const handlers: readonly RegisteredHandler[] = [
  describeAcls,
  createAcls,
  deleteAcls,
  addOffsetsToTxn,
  addPartitionsToTxn,
  alterConfigs,
  incrementalAlterConfigs,
  alterReplicaLogDirs,
  describeClientQuotas,
  alterClientQuotas,
  consumerGroupDescribe,
  consumerGroupHeartbeat,
  createPartitions,
  createTopics,
  createDelegationToken,
  renewDelegationToken,
  expireDelegationToken,
  describeDelegationToken,
  deleteGroups,
  deleteRecords,
  deleteTopics,
  describeCluster,
  describeConfigs,
  describeGroups,
  describeLogDirs,
  describeProducers,
  describeQuorum,
  describeTopicPartitions,
  describeTransactions,
  electLeaders,
  endTxn,
  fetch,
  findCoordinator,
  heartbeat,
  initProducerId,
  joinGroup,
  leaveGroup,
  listConfigResources,
  listGroups,
  listOffsets,
  listTransactions,
  metadata,
  offsetCommit,
  offsetDelete,
  offsetFetch,
  offsetForLeaderEpoch,
  alterPartitionReassignments,
  listPartitionReassignments,
  produce,
  addRaftVoter,
  removeRaftVoter,
  saslAuthenticate,
  saslHandshake,
  syncGroup,
  getTelemetrySubscriptions,
  pushTelemetry,
  txnOffsetCommit,
  unregisterBroker,
  updateFeatures,
  describeUserScramCredentials,
  alterUserScramCredentials,
  writeTxnMarkers,
  shareGroupHeartbeat,
  shareGroupDescribe,
  shareFetch,
  shareAcknowledge,
  initializeShareGroupState,
  readShareGroupState,
  writeShareGroupState,
  deleteShareGroupState,
  readShareGroupStateSummary,
  streamsGroupHeartbeat,
  streamsGroupDescribe,
  describeShareGroupOffsets,
  alterShareGroupOffsets,
  deleteShareGroupOffsets,
  streamsGroupTopologyDescriptionUpdate,
]
