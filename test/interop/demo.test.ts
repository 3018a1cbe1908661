import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BoardTask, InternalTopic } from '../../src-main/contract/streams'
import { BrokerProcess } from '../support/broker'
import { TestPage } from '../support/page'

let broker: BrokerProcess
let page: TestPage

beforeEach(async () => {
  broker = await BrokerProcess.start({ ui: true })
  page = await TestPage.open(broker)
})
afterEach(async () => {
  page.close()
  await broker.dispose()
})

/** Starts the broker again on its file, with a page that looks at it. */
async function again(): Promise<void> {
  await broker.startAgain()
  page = await TestPage.open(broker)
}

const hasStandby = ({ places }: BoardTask) => places.some(({ role, phase }) => role === 'standby' && phase === 'held')
const isWritten = ({ end }: InternalTopic) => end > 0

const topicNames = async () => (await page.picture('topics')).map(({ name }) => name)

describe('the demo', () => {
  it('gives every page something: messages, groups of all types, transactions of both ends, a compacted topic, an error', async () => {
    await page.ask('demo.set', { running: true })
    await page.picture('groups', (groups) => groups.some(({ members }) => members >= 2))
    await page.picture('transactions', (lines) => lines.some(({ state }) => state === 'Ongoing'))
    const lines = await page.picture(
      'transactions',
      (all) => all.some(({ committed }) => committed > 0) && all.some(({ aborted }) => aborted > 0),
    )
    expect(lines.map(({ transactionalId }) => transactionalId).sort()).toEqual(['demo-till-1', 'demo-till-2'])
    const { lanes } = await page.picture(
      'share.lanes',
      (item) => item.workers.some(({ accepted }) => accepted > 0) && item.workers.some(({ held }) => held > 0),
      { groupId: 'demo-packing', from: 0, count: 10 },
    )
    expect(lanes.map(({ topic, partition }) => `${topic}-${partition}`)).toContain('demo-orders-5')
    const board = await page.picture(
      'streams.board',
      (item) =>
        item?.subtopologies.some(({ tasks }) => tasks.some(hasStandby)) === true && item.topics.every(isWritten),
      { groupId: 'demo-statistics' },
    )
    expect(board?.subtopologies.map(({ taskCount, nodes }) => [taskCount, nodes?.length])).toEqual([
      [6, 3],
      [6, 3],
    ])
    await page.picture('topics', (all) => all.some(({ name, messages }) => name === 'demo-sales' && messages > 0))
    const schemas = await page.picture('schemas', ({ changed }) => changed.length > 0)
    expect(schemas.changed.map(({ subject, type }) => [subject, type])).toEqual([
      ['demo-shipments-value', 'AVRO'],
      ['demo-tracking-value', 'PROTOBUF'],
    ])
    await page.picture('topics', (all) => all.some(({ name, messages }) => name === 'demo-tracking' && messages > 0))
    const [parcel] = await page.search({ topics: ['demo-tracking'], limit: 1 })
    expect(parcel?.value).toMatchObject({ schema: { subject: 'demo-tracking-value', version: 1 } })
    const configs = await page.ask('topic.configs', { topic: 'demo-customers' })
    expect(configs.find(({ name }) => name === 'cleanup.policy')?.value).toBe('compact')
    const clients = await page.picture('clients', (all) =>
      all.some(({ lastError }) => lastError?.error === 'MESSAGE_TOO_LARGE'),
    )
    expect(clients.find(({ clientId }) => clientId === 'demo-shop')?.inBytesPerSecond).toBeGreaterThan(0)
    // All of it works: what fails on purpose is no error of the app.
    expect(broker.log).not.toContain('error desk')
  })

  it('is cleaned up before the broker ends', async () => {
    await page.ask('demo.set', { running: true })
    expect(await broker.stop()).toBe(0)
    await again()
    expect(await page.picture('demo')).toMatchObject({ running: false, leftover: false })
    expect(await topicNames()).not.toContain('demo-orders')
  })

  it('plays again after a crash, and cleans up what the crash left', async () => {
    await page.ask('demo.set', { running: true })
    await broker.kill()
    await again()
    expect(await page.picture('demo')).toMatchObject({ running: false, leftover: true })
    await page.ask('demo.set', { running: true })
    await broker.kill()
    await again()
    await page.ask('demo.set', { running: false })
    expect(await page.picture('demo')).toMatchObject({ running: false, leftover: false })
    expect((await topicNames()).filter((name) => /^(?:demo-|_schemas)/.test(name))).toEqual([])
    expect((await page.picture('schemas')).changed).toEqual([])
  })

  it('leaves a topic alone that it did not make', async () => {
    await page.ask('topic.create', { topic: 'demo-orders', partitions: 1, configs: {} })
    await expect(page.ask('demo.set', { running: true })).rejects.toThrow('that the demo did not make')
    await page.ask('demo.set', { running: false })
    expect(await topicNames()).toEqual(['demo-orders'])
  })
})
