import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src-main/base/clock'
import { alterShareOffsets } from '../../src-main/client/admin/share-groups'
import { KafkaClient } from '../../src-main/client/client'
import { defaultSettings } from '../../src-main/client/settings'
import { ShareConsumer } from '../../src-main/client/share/consumer'
import { BrokerProcess } from '../support/broker'

let broker: BrokerProcess
let address = ''
let client: KafkaClient

beforeAll(async () => {
  broker = await BrokerProcess.start({
    args: ['--config', 'errors.deadletterqueue.auto.create.topics.enable=true'],
  })
  address = broker.address
  const [host = '', port = ''] = address.split(':')
  client = new KafkaClient(
    { ...defaultSettings, clientId: 'dead-letters', bootstrap: [{ host, port: Number(port) }] },
    { clock: systemClock },
  )
  const raised = await client.ask({ to: 'controller' }, 'UpdateFeatures', {
    featureUpdates: [{ feature: 'share.version', maxVersionLevel: 2, upgradeType: 1 }],
    validateOnly: false,
  })
  expect(raised.errorCode).toBe(0)
})
afterAll(async () => {
  client?.dispose()
  await broker?.dispose()
})

/** Two records, of which one is rejected and the other released until the limit; what the dead-letter topic then holds. */
async function letters(
  groupId: string,
  topic: string,
  dlq: string,
  configs: Record<string, string>,
): Promise<string[]> {
  const kafka = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  const producer = kafka.producer()
  await Promise.all([admin.connect(), producer.connect()])
  await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] })
  await producer.send({
    topic,
    messages: [
      { partition: 1, key: 'k1', value: 'v1', headers: { own: 'header' } },
      { partition: 1, key: 'k2', value: 'v2' },
    ],
  })
  await client.ask({ to: 'any' }, 'IncrementalAlterConfigs', {
    resources: [
      {
        resourceType: 32,
        resourceName: groupId,
        configs: Object.entries({
          ...configs,
          'errors.deadletterqueue.topic.name': dlq,
          'share.delivery.count.limit': '2',
        }).map(([name, value]) => ({ name, configOperation: 0, value })),
      },
    ],
    validateOnly: false,
  })
  await alterShareOffsets(client, groupId, [{ topic, partition: 1, offset: 0n }])
  const consumer = new ShareConsumer(client, {
    groupId,
    topics: [topic],
    maxWaitMs: 200,
    maxRecords: 10,
    onRecord: ({ offset }) => (offset === 0 ? 'reject' : 'release'),
    onError: () => {},
  })
  consumer.start()
  const reader = kafka.consumer({ groupId: `reader-of-${dlq}` })
  const found: string[] = []
  await expect.poll(async () => (await admin.listTopics()).includes(dlq), { timeout: 20_000 }).toBe(true)
  await reader.connect()
  await reader.subscribe({ topic: dlq, fromBeginning: true })
  await reader.run({
    eachMessage: async ({ message: { key, value, headers } }) => {
      const shown = Object.entries(headers ?? {}).map(([name, text]) => `${name}=${String(text)}`)
      found.push(`${key} ${value} ${shown.join(' ')}`)
    },
  })
  await expect.poll(() => found.length, { timeout: 20_000 }).toBe(2)
  const configsOf = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: 2, name: dlq, configNames: ['errors.deadletterqueue.group.enable'] }],
  })
  found.push(
    ...configsOf.resources[0]!.configEntries.map(({ configName, configValue }) => `${configName}=${configValue}`),
  )
  await consumer.close()
  await Promise.all([reader.disconnect(), producer.disconnect(), admin.disconnect()])
  return found
}

/** What the same steps leave in the dead-letter topic of Apache Kafka 4.4.0. */
function onKafka(groupId: string, topic: string, records: readonly [string, string]): string[] {
  const about = (offset: number) =>
    `__dlq.errors.topic=${topic} __dlq.errors.partition=1 __dlq.errors.offset=${offset} __dlq.errors.group=${groupId}`
  return [
    `${records[0]} ${about(0)} __dlq.errors.delivery.count=1 __dlq.errors.message=Offset rejected by client.`,
    `${records[1]} ${about(1)} __dlq.errors.delivery.count=2 __dlq.errors.message=Offset delivery count exceeded the threshold.`,
    'errors.deadletterqueue.group.enable=true',
  ]
}

describe('dead letters of share groups, as Apache Kafka 4.4.0 writes them', () => {
  it('hold headers only', async () => {
    expect(await letters('bare', 'orders', 'dlq.bare', {})).toEqual(
      onKafka('bare', 'orders', ['null null', 'null null']),
    )
  })

  it('hold key and value of the record when the group says so, and not its headers', async () => {
    expect(
      await letters('copied', 'parcels', 'dlq.copied', { 'errors.deadletterqueue.copy.record.enable': 'true' }),
    ).toEqual(onKafka('copied', 'parcels', ['k1 v1', 'k2 v2']))
  })
})
