import { api, array, bool, int8, int16, int32, int64, string } from '../schema'

/**
 * WriteTxnMarkers: what each version changed.
 *   1: flexible
 *   2: request +markers.transactionVersion (KIP-1228)
 */
export const writeTxnMarkers = api('WriteTxnMarkers', {
  key: 27,
  versions: [0, 2],
  flexible: 1,
  request: {
    markers: array({
      producerId: int64(),
      producerEpoch: int16(),
      transactionResult: bool(),
      topics: array({
        name: string(),
        partitionIndexes: array(int32()),
      }),
      coordinatorEpoch: int32(),
      transactionVersion: int8({ since: 2, default: 0, ignorable: true }),
    }),
  },
  response: {
    markers: array({
      producerId: int64(),
      topics: array({
        name: string(),
        partitions: array({
          partitionIndex: int32(),
          errorCode: int16(),
        }),
      }),
    }),
  },
})
