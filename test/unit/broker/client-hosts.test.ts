import { afterEach, beforeEach, expect, test } from 'vitest'
import { javaHost } from '../../../src-main/base/java-address'
import { TestBroker } from '../../support/core'

let broker: TestBroker
beforeEach(() => {
  broker = new TestBroker()
})
afterEach(() => broker.dispose())

test.each([
  ['127.0.0.1', '/127.0.0.1'],
  ['::1', '/0:0:0:0:0:0:0:1'],
  ['::', '/0:0:0:0:0:0:0:0'],
  ['2001:db8::', '/2001:db8:0:0:0:0:0:0'],
  ['fe80::1:2:3:4', '/fe80:0:0:0:1:2:3:4'],
  ['1:2:3:4:5:6:7:8', '/1:2:3:4:5:6:7:8'],
])('the address %s is the host %s, as InetAddress.toString writes it', (address, host) => {
  expect(javaHost(address)).toBe(host)
})

test('members from IPv6 have the host that Apache Kafka 4.4.0 gives them', async () => {
  const client = broker.client({ remoteAddress: '::1' })
  await client.create('t')
  const joined = client.ask('JoinGroup', 5, {
    groupId: 'classic',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId: '',
    groupInstanceId: 'one',
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
  })
  broker.clock.advance(0)
  await joined
  const classic = await client.ask('DescribeGroups', 5, { groups: ['classic'], includeAuthorizedOperations: false })
  expect(classic.groups[0]?.members.map(({ clientHost }) => clientHost)).toEqual(['/0:0:0:0:0:0:0:1'])
  await client.ask('ConsumerGroupHeartbeat', 1, {
    groupId: 'consumer',
    memberId: 'a',
    memberEpoch: 0,
    instanceId: null,
    rackId: null,
    rebalanceTimeoutMs: 1000,
    subscribedTopicNames: ['t'],
    subscribedTopicRegex: null,
    serverAssignor: null,
    topicPartitions: [],
  })
  const groupIds = ['consumer']
  const consumer = await client.ask('ConsumerGroupDescribe', 1, { groupIds, includeAuthorizedOperations: false })
  expect(consumer.groups[0]?.members.map(({ clientHost }) => clientHost)).toEqual(['/0:0:0:0:0:0:0:1'])
})
