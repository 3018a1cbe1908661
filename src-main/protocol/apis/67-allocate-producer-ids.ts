import { api, int16, int32, int64 } from '../schema'

/** AllocateProducerIds: one form in all versions. */
export const allocateProducerIds = api('AllocateProducerIds', {
  key: 67,
  versions: [0, 0],
  flexible: 0,
  request: {
    brokerId: int32(),
    brokerEpoch: int64({ default: -1n }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    producerIdStart: int64(),
    producerIdLen: int32(),
  },
})
