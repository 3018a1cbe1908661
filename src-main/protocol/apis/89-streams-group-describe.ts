import { api, array, bool, int8, int16, int32, int64, string, struct, uint16 } from '../schema'

/**
 * StreamsGroupDescribe: what each version changed.
 *   1: request +includeTopologyDescription; response +groups.topologyDescription, ...
 */
export const streamsGroupDescribe = api('StreamsGroupDescribe', {
  key: 89,
  versions: [0, 1],
  flexible: 0,
  request: {
    groupIds: array(string()),
    includeAuthorizedOperations: bool(),
    includeTopologyDescription: bool({ since: 1, default: false }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    groups: array({
      errorCode: int16(),
      errorMessage: string({ nullable: true, default: null }),
      groupId: string(),
      groupState: string(),
      groupEpoch: int32(),
      assignmentEpoch: int32(),
      topology: struct(
        {
          epoch: int32(),
          subtopologies: array(
            {
              subtopologyId: string(),
              sourceTopics: array(string()),
              repartitionSinkTopics: array(string()),
              stateChangelogTopics: array({
                name: string(),
                partitions: int32(),
                replicationFactor: int16(),
                topicConfigs: array({
                  key: string(),
                  value: string(),
                }),
              }),
              repartitionSourceTopics: array({
                name: string(),
                partitions: int32(),
                replicationFactor: int16(),
                topicConfigs: array({
                  key: string(),
                  value: string(),
                }),
              }),
            },
            { nullable: true, default: null },
          ),
        },
        { nullable: true, default: null },
      ),
      members: array({
        memberId: string(),
        memberEpoch: int32(),
        instanceId: string({ nullable: true, default: null }),
        rackId: string({ nullable: true, default: null }),
        clientId: string(),
        clientHost: string(),
        topologyEpoch: int32(),
        processId: string(),
        userEndpoint: struct(
          {
            host: string(),
            port: uint16(),
          },
          { nullable: true, default: null },
        ),
        clientTags: array({
          key: string(),
          value: string(),
        }),
        taskOffsets: array({
          subtopologyId: string(),
          partition: int32(),
          offset: int64(),
        }),
        taskEndOffsets: array({
          subtopologyId: string(),
          partition: int32(),
          offset: int64(),
        }),
        assignment: struct({
          activeTasks: array({
            subtopologyId: string(),
            partitions: array(int32()),
          }),
          standbyTasks: array({
            subtopologyId: string(),
            partitions: array(int32()),
          }),
          warmupTasks: array({
            subtopologyId: string(),
            partitions: array(int32()),
          }),
        }),
        targetAssignment: struct({
          activeTasks: array({
            subtopologyId: string(),
            partitions: array(int32()),
          }),
          standbyTasks: array({
            subtopologyId: string(),
            partitions: array(int32()),
          }),
          warmupTasks: array({
            subtopologyId: string(),
            partitions: array(int32()),
          }),
        }),
        isClassic: bool(),
      }),
      authorizedOperations: int32({ default: -2147483648 }),
      topologyDescription: struct(
        {
          subtopologies: array(
            {
              subtopologyId: string({ since: 1 }),
              nodes: array(
                {
                  name: string({ since: 1 }),
                  nodeType: int8({ since: 1 }),
                  sourceTopics: array(string(), { since: 1 }),
                  sinkTopic: string({ since: 1, nullable: true, default: null }),
                  stores: array(string(), { since: 1 }),
                  successors: array(string(), { since: 1 }),
                },
                { since: 1 },
              ),
            },
            { since: 1 },
          ),
          globalStores: array(
            {
              source: struct(
                {
                  name: string({ since: 1 }),
                  nodeType: int8({ since: 1 }),
                  sourceTopics: array(string(), { since: 1 }),
                  sinkTopic: string({ since: 1, nullable: true, default: null }),
                  stores: array(string(), { since: 1 }),
                  successors: array(string(), { since: 1 }),
                },
                { since: 1 },
              ),
              processor: struct(
                {
                  name: string({ since: 1 }),
                  nodeType: int8({ since: 1 }),
                  sourceTopics: array(string(), { since: 1 }),
                  sinkTopic: string({ since: 1, nullable: true, default: null }),
                  stores: array(string(), { since: 1 }),
                  successors: array(string(), { since: 1 }),
                },
                { since: 1 },
              ),
            },
            { since: 1 },
          ),
        },
        { since: 1, nullable: true, default: null },
      ),
      topologyDescriptionStatus: int8({ since: 1, default: 0 }),
      assignorName: string({ since: 1, nullable: true, default: null, ignorable: true }),
    }),
  },
})
