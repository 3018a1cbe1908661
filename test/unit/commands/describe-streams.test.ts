import { afterEach, beforeEach, expect, it } from 'vitest'
import { describe as describeGroups } from '../../../src-main/commands/groups/describe'
import type { Given } from '../../../src-main/commands/groups/flags'
import { FakeCluster } from '../../support/fake-cluster'

let cluster: FakeCluster
beforeEach(() => {
  cluster = new FakeCluster([1])
})
afterEach(() => cluster.dispose())

async function described(given: Given, ...groupIds: string[]): Promise<string> {
  let printed = ''
  const output = { print: (text: string) => (printed += text), warn: (text: string) => (printed += text) }
  expect(await cluster.settle(describeGroups(cluster.client(), groupIds, given, output))).toBe(true)
  return printed
}

it('describes a streams group: its tasks, and its committed offsets', async () => {
  const client = cluster.broker.client()
  await client.create('lines', 2)
  const { memberEpoch } = await client.ask('StreamsGroupHeartbeat', 1, {
    groupId: 'app',
    memberId: 'm',
    memberEpoch: 0,
    endpointInformationEpoch: -1,
    rebalanceTimeoutMs: 60_000,
    topology: {
      epoch: 0,
      subtopologies: [
        {
          subtopologyId: '0',
          sourceTopics: ['lines'],
          sourceTopicRegex: [],
          stateChangelogTopics: [],
          repartitionSinkTopics: [],
          repartitionSourceTopics: [],
          copartitionGroups: [],
        },
      ],
    },
    activeTasks: [],
    standbyTasks: [],
    warmupTasks: [],
    processId: 'p',
  })
  await client.ask('OffsetCommit', 9, {
    groupId: 'app',
    generationIdOrMemberEpoch: memberEpoch,
    memberId: 'm',
    topics: [{ name: 'lines', partitions: [{ partitionIndex: 1, committedOffset: 0n, committedMetadata: null }] }],
  })
  cluster.broker.clock.advance(3000)
  await client.ask('StreamsGroupHeartbeat', 1, {
    groupId: 'app',
    memberId: 'm',
    memberEpoch,
    endpointInformationEpoch: -1,
  })
  const members = await described({ members: [] }, 'app')
  expect(members).toMatch(/^app: Stable, 1 member\n/)
  expect(members).toMatch(/\nm +- +\S+ +\S+ +0_0 0_1 +-\n/)
  expect(await described({ 'all-groups': [] })).toMatch(/\nlines +1 +0 +0 +0 +-\n/)
  const partition = { topic: 'lines', partition: 1, currentOffset: 0, logEndOffset: 0, lag: 0, consumer: null }
  expect(JSON.parse(await described({ json: [] }, 'app'))).toEqual({
    group: 'app',
    state: 'Stable',
    members: 1,
    partitions: [partition],
  })
  expect(JSON.parse(await described({ json: [], members: [] }, 'app'))).toMatchObject({
    members: [{ memberId: 'm', instanceId: null, activeTasks: ['0_0', '0_1'], standbyTasks: [] }],
  })
  await expect(described({}, 'none')).rejects.toThrow('There is no group none.')
})
