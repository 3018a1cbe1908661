import type { ApiName } from '../protocol/api-types'

/**
 * APIs that change nothing in a cluster. Metadata creates no topics: the client never asks for that. FindCoordinator lets a new
 * cluster create `__consumer_offsets`, which no look at a group can avoid.
 */
const reading: ReadonlySet<ApiName> = new Set<ApiName>([
  'ListOffsets',
  'Metadata',
  'Fetch',
  'OffsetFetch',
  'FindCoordinator',
  'DescribeGroups',
  'ListGroups',
  'SaslHandshake',
  'SaslAuthenticate',
  'ApiVersions',
  'DescribeAcls',
  'DescribeClientQuotas',
  'DescribeConfigs',
  'DescribeDelegationToken',
  'DescribeLogDirs',
  'DescribeCluster',
  'DescribeProducers',
  'DescribeQuorum',
  'DescribeShareGroupOffsets',
  'DescribeTopicPartitions',
  'DescribeTransactions',
  'DescribeUserScramCredentials',
  'ListConfigResources',
  'ListPartitionReassignments',
  'ListTransactions',
  'OffsetForLeaderEpoch',
  'ConsumerGroupDescribe',
  'ShareGroupDescribe',
  'StreamsGroupDescribe',
])

export function changesNothing(api: ApiName): boolean {
  return reading.has(api)
}

/**
 * Rule of a client that only looks, for `settings.forbids`: the connection asks it before every frame.
 *
 * @param why sentence that names what the user can do
 */
export function readOnly(why: string): (api: ApiName) => string | undefined {
  return (api) => (changesNothing(api) ? undefined : `${why} (${api} was not sent.)`)
}
