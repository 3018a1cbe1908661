import { api, array, int8, int16, int32, string, struct } from '../schema'

/** StreamsGroupTopologyDescriptionUpdate: one form in all versions. */
export const streamsGroupTopologyDescriptionUpdate = api('StreamsGroupTopologyDescriptionUpdate', {
  key: 93,
  versions: [0, 0],
  flexible: 0,
  request: {
    groupId: string(),
    memberId: string(),
    topologyEpoch: int32(),
    topologyDescription: struct({
      subtopologies: array({
        subtopologyId: string(),
        nodes: array({
          name: string(),
          nodeType: int8(),
          sourceTopics: array(string()),
          sinkTopic: string({ nullable: true, default: null }),
          stores: array(string()),
          successors: array(string()),
        }),
      }),
      globalStores: array({
        source: struct({
          name: string(),
          nodeType: int8(),
          sourceTopics: array(string()),
          sinkTopic: string({ nullable: true, default: null }),
          stores: array(string()),
          successors: array(string()),
        }),
        processor: struct({
          name: string(),
          nodeType: int8(),
          sourceTopics: array(string()),
          sinkTopic: string({ nullable: true, default: null }),
          stores: array(string()),
          successors: array(string()),
        }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: true, default: null }),
  },
})
