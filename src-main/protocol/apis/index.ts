import { produce } from './00-produce'
import { fetch } from './01-fetch'
import { listOffsets } from './02-list-offsets'
import { metadata } from './03-metadata'
import { offsetCommit } from './08-offset-commit'
import { offsetFetch } from './09-offset-fetch'
import { findCoordinator } from './10-find-coordinator'
import { joinGroup } from './11-join-group'
import { heartbeat } from './12-heartbeat'
import { leaveGroup } from './13-leave-group'
import { syncGroup } from './14-sync-group'
import { describeGroups } from './15-describe-groups'
import { listGroups } from './16-list-groups'
import { saslHandshake } from './17-sasl-handshake'
import { apiVersions } from './18-api-versions'
import { createTopics } from './19-create-topics'
import { deleteTopics } from './20-delete-topics'
import { deleteRecords } from './21-delete-records'
import { initProducerId } from './22-init-producer-id'
import { offsetForLeaderEpoch } from './23-offset-for-leader-epoch'
import { addPartitionsToTxn } from './24-add-partitions-to-txn'
import { addOffsetsToTxn } from './25-add-offsets-to-txn'
import { endTxn } from './26-end-txn'
import { writeTxnMarkers } from './27-write-txn-markers'
import { txnOffsetCommit } from './28-txn-offset-commit'
import { describeAcls } from './29-describe-acls'
import { createAcls } from './30-create-acls'
import { deleteAcls } from './31-delete-acls'
import { describeConfigs } from './32-describe-configs'
import { alterConfigs } from './33-alter-configs'
import { alterReplicaLogDirs } from './34-alter-replica-log-dirs'
import { describeLogDirs } from './35-describe-log-dirs'
import { saslAuthenticate } from './36-sasl-authenticate'
import { createPartitions } from './37-create-partitions'
import { createDelegationToken } from './38-create-delegation-token'
import { renewDelegationToken } from './39-renew-delegation-token'
import { expireDelegationToken } from './40-expire-delegation-token'
import { describeDelegationToken } from './41-describe-delegation-token'
import { deleteGroups } from './42-delete-groups'
import { electLeaders } from './43-elect-leaders'
import { incrementalAlterConfigs } from './44-incremental-alter-configs'
import { alterPartitionReassignments } from './45-alter-partition-reassignments'
import { listPartitionReassignments } from './46-list-partition-reassignments'
import { offsetDelete } from './47-offset-delete'
import { describeClientQuotas } from './48-describe-client-quotas'
import { alterClientQuotas } from './49-alter-client-quotas'
import { describeUserScramCredentials } from './50-describe-user-scram-credentials'
import { alterUserScramCredentials } from './51-alter-user-scram-credentials'
import { vote } from './52-vote'
import { beginQuorumEpoch } from './53-begin-quorum-epoch'
import { endQuorumEpoch } from './54-end-quorum-epoch'
import { describeQuorum } from './55-describe-quorum'
import { alterPartition } from './56-alter-partition'
import { updateFeatures } from './57-update-features'
import { envelope } from './58-envelope'
import { fetchSnapshot } from './59-fetch-snapshot'
import { describeCluster } from './60-describe-cluster'
import { describeProducers } from './61-describe-producers'
import { brokerRegistration } from './62-broker-registration'
import { brokerHeartbeat } from './63-broker-heartbeat'
import { unregisterBroker } from './64-unregister-broker'
import { describeTransactions } from './65-describe-transactions'
import { listTransactions } from './66-list-transactions'
import { allocateProducerIds } from './67-allocate-producer-ids'
import { consumerGroupHeartbeat } from './68-consumer-group-heartbeat'
import { consumerGroupDescribe } from './69-consumer-group-describe'
import { controllerRegistration } from './70-controller-registration'
import { getTelemetrySubscriptions } from './71-get-telemetry-subscriptions'
import { pushTelemetry } from './72-push-telemetry'
import { assignReplicasToDirs } from './73-assign-replicas-to-dirs'
import { listConfigResources } from './74-list-config-resources'
import { describeTopicPartitions } from './75-describe-topic-partitions'
import { shareGroupHeartbeat } from './76-share-group-heartbeat'
import { shareGroupDescribe } from './77-share-group-describe'
import { shareFetch } from './78-share-fetch'
import { shareAcknowledge } from './79-share-acknowledge'
import { addRaftVoter } from './80-add-raft-voter'
import { removeRaftVoter } from './81-remove-raft-voter'
import { updateRaftVoter } from './82-update-raft-voter'
import { initializeShareGroupState } from './83-initialize-share-group-state'
import { readShareGroupState } from './84-read-share-group-state'
import { writeShareGroupState } from './85-write-share-group-state'
import { deleteShareGroupState } from './86-delete-share-group-state'
import { readShareGroupStateSummary } from './87-read-share-group-state-summary'
import { streamsGroupHeartbeat } from './88-streams-group-heartbeat'
import { streamsGroupDescribe } from './89-streams-group-describe'
import { describeShareGroupOffsets } from './90-describe-share-group-offsets'
import { alterShareGroupOffsets } from './91-alter-share-group-offsets'
import { deleteShareGroupOffsets } from './92-delete-share-group-offsets'
import { streamsGroupTopologyDescriptionUpdate } from './93-streams-group-topology-description-update'
import { unregisterController } from './94-unregister-controller'

/** Every API that can be read and written, by key. What a broker serves is said by its handlers. */
export const apis = [
  produce,
  fetch,
  listOffsets,
  metadata,
  offsetCommit,
  offsetFetch,
  findCoordinator,
  joinGroup,
  heartbeat,
  leaveGroup,
  syncGroup,
  describeGroups,
  listGroups,
  saslHandshake,
  apiVersions,
  createTopics,
  deleteTopics,
  deleteRecords,
  initProducerId,
  offsetForLeaderEpoch,
  addPartitionsToTxn,
  addOffsetsToTxn,
  endTxn,
  writeTxnMarkers,
  txnOffsetCommit,
  describeAcls,
  createAcls,
  deleteAcls,
  describeConfigs,
  alterConfigs,
  alterReplicaLogDirs,
  describeLogDirs,
  saslAuthenticate,
  createPartitions,
  createDelegationToken,
  renewDelegationToken,
  expireDelegationToken,
  describeDelegationToken,
  deleteGroups,
  electLeaders,
  incrementalAlterConfigs,
  alterPartitionReassignments,
  listPartitionReassignments,
  offsetDelete,
  describeClientQuotas,
  alterClientQuotas,
  describeUserScramCredentials,
  alterUserScramCredentials,
  vote,
  beginQuorumEpoch,
  endQuorumEpoch,
  describeQuorum,
  alterPartition,
  updateFeatures,
  envelope,
  fetchSnapshot,
  describeCluster,
  describeProducers,
  brokerRegistration,
  brokerHeartbeat,
  unregisterBroker,
  describeTransactions,
  listTransactions,
  allocateProducerIds,
  consumerGroupHeartbeat,
  consumerGroupDescribe,
  controllerRegistration,
  getTelemetrySubscriptions,
  pushTelemetry,
  assignReplicasToDirs,
  listConfigResources,
  describeTopicPartitions,
  shareGroupHeartbeat,
  shareGroupDescribe,
  shareFetch,
  shareAcknowledge,
  addRaftVoter,
  removeRaftVoter,
  updateRaftVoter,
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
  unregisterController,
] as const
