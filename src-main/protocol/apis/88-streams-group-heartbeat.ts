import { api, array, bool, int8, int16, int32, int64, string, struct, uint16 } from '../schema'

/**
 * StreamsGroupHeartbeat: what each version changed.
 *   1: response -acceptableRecoveryLagLegacy, +acceptableRecoveryLag, +topologyDescriptionRequired (KIP-1331)
 */
export const streamsGroupHeartbeat = api('StreamsGroupHeartbeat', {
  key: 88,
  versions: [0, 1],
  flexible: 0,
  request: {
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    endpointInformationEpoch: int32(),
    instanceId: string({ nullable: true, default: null }),
    rackId: string({ nullable: true, default: null }),
    rebalanceTimeoutMs: int32({ default: -1 }),
    topology: struct(
      {
        epoch: int32(),
        subtopologies: array({
          subtopologyId: string(),
          sourceTopics: array(string()),
          sourceTopicRegex: array(string()),
          stateChangelogTopics: array({
            name: string(),
            partitions: int32(),
            replicationFactor: int16(),
            topicConfigs: array({
              key: string(),
              value: string(),
            }),
          }),
          repartitionSinkTopics: array(string()),
          repartitionSourceTopics: array({
            name: string(),
            partitions: int32(),
            replicationFactor: int16(),
            topicConfigs: array({
              key: string(),
              value: string(),
            }),
          }),
          copartitionGroups: array({
            sourceTopics: array(int16()),
            sourceTopicRegex: array(int16()),
            repartitionSourceTopics: array(int16()),
          }),
        }),
      },
      { nullable: true, default: null },
    ),
    activeTasks: array(
      {
        subtopologyId: string(),
        partitions: array(int32()),
      },
      { nullable: true, default: null },
    ),
    standbyTasks: array(
      {
        subtopologyId: string(),
        partitions: array(int32()),
      },
      { nullable: true, default: null },
    ),
    warmupTasks: array(
      {
        subtopologyId: string(),
        partitions: array(int32()),
      },
      { nullable: true, default: null },
    ),
    processId: string({ nullable: true, default: null }),
    userEndpoint: struct(
      {
        host: string(),
        port: uint16(),
      },
      { nullable: true, default: null },
    ),
    clientTags: array(
      {
        key: string(),
        value: string(),
      },
      { nullable: true, default: null },
    ),
    taskOffsets: array(
      {
        subtopologyId: string(),
        partition: int32(),
        offset: int64(),
      },
      { nullable: true, default: null },
    ),
    taskEndOffsets: array(
      {
        subtopologyId: string(),
        partition: int32(),
        offset: int64(),
      },
      { nullable: true, default: null },
    ),
    shutdownApplication: bool({ default: false }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: true, default: null }),
    memberId: string(),
    memberEpoch: int32(),
    heartbeatIntervalMs: int32(),
    acceptableRecoveryLagLegacy: int32({ until: 0 }),
    taskOffsetIntervalMs: int32(),
    acceptableRecoveryLag: int64({ since: 1, default: -1n, ignorable: true }),
    status: array(
      {
        statusCode: int8(),
        statusDetail: string(),
      },
      { nullable: true },
    ),
    activeTasks: array(
      {
        subtopologyId: string(),
        partitions: array(int32()),
      },
      { nullable: true, default: null },
    ),
    standbyTasks: array(
      {
        subtopologyId: string(),
        partitions: array(int32()),
      },
      { nullable: true, default: null },
    ),
    warmupTasks: array(
      {
        subtopologyId: string(),
        partitions: array(int32()),
      },
      { nullable: true, default: null },
    ),
    topologyDescriptionRequired: bool({ since: 1, default: false }),
    endpointInformationEpoch: int32(),
    partitionsByUserEndpoint: array(
      {
        userEndpoint: struct({
          host: string(),
          port: uint16(),
        }),
        activePartitions: array({
          topic: string(),
          partitions: array(int32()),
        }),
        standbyPartitions: array({
          topic: string(),
          partitions: array(int32()),
        }),
      },
      { nullable: true, default: null },
    ),
  },
})
