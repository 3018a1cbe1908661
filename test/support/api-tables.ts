import { type ApiName, apiByName } from '../../src-main/protocol/api-types'
import { encodeResponse } from '../../src-main/protocol/frame'
import { type FakeCluster, framed } from './fake-cluster'

type Table = Partial<Record<ApiName, readonly [min: number, max: number]>>

/**
 * Versions that services advertised when they were looked at, of the APIs that the pages use: Redpanda 24.3 (its source), MSK
 * Serverless in 2022 (akhq#1113, topicctl#69), Event Hubs in 2020 (azure-event-hubs-for-kafka#69).
 */
export const apiTables: Readonly<Record<string, Table>> = {
  Redpanda: {
    Produce: [0, 7],
    Fetch: [4, 11],
    ListOffsets: [0, 4],
    Metadata: [0, 8],
    OffsetCommit: [1, 8],
    OffsetFetch: [1, 7],
    FindCoordinator: [0, 3],
    ListGroups: [0, 4],
    DescribeGroups: [0, 5],
    ApiVersions: [0, 3],
    CreateTopics: [0, 6],
    DeleteTopics: [0, 5],
    InitProducerId: [0, 4],
    DescribeConfigs: [0, 4],
    DescribeLogDirs: [0, 2],
    DescribeProducers: [0, 0],
    DescribeTransactions: [0, 0],
    ListTransactions: [0, 0],
  },
  'MSK Serverless': {
    Produce: [7, 9],
    Fetch: [10, 12],
    ListOffsets: [5, 6],
    Metadata: [7, 11],
    OffsetCommit: [6, 8],
    OffsetFetch: [5, 7],
    FindCoordinator: [2, 3],
    ListGroups: [2, 4],
    DescribeGroups: [2, 5],
    ApiVersions: [2, 3],
    InitProducerId: [2, 4],
    DescribeConfigs: [2, 4],
  },
  'Event Hubs': {
    Produce: [3, 5],
    Fetch: [4, 6],
    ListOffsets: [0, 2],
    Metadata: [0, 5],
    OffsetCommit: [0, 3],
    OffsetFetch: [0, 3],
    FindCoordinator: [0, 1],
    ListGroups: [0, 1],
    DescribeGroups: [0, 1],
    ApiVersions: [0, 1],
  },
}

/** Lets the nodes advertise no more than a table; a request outside it is a failure of the test's. */
export function cutTo(cluster: FakeCluster, table: Table): void {
  const [, newest] = table.ApiVersions ?? [0, 0]
  const apiKeys = Object.entries(table).map(([name, [minVersion, maxVersion]]) => ({
    apiKey: apiByName(name as ApiName).key,
    minVersion,
    maxVersion,
  }))
  cluster.on('ApiVersions', ({ version, correlationId }) => {
    if (version <= newest) return { body: { errorCode: 0, apiKeys, throttleTimeMs: 0 } }
    // KIP-511: an unknown version is answered in version 0.
    const chunks = encodeResponse('ApiVersions', 0, correlationId, { errorCode: 35, apiKeys })
    return { bytes: framed(Buffer.concat(chunks)) }
  })
}

/** The requests outside of a table that were sent all the same. */
export function outside(cluster: FakeCluster, table: Table): string[] {
  return cluster.asked
    .filter(({ name, version }) => {
      const range = table[name]
      return name !== 'ApiVersions' && (!range || version < range[0] || version > range[1])
    })
    .map(({ name, version }) => `${name} v${version}`)
}
