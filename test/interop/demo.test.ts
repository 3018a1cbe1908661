import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type Client, connect } from '../../src-main/contract/client'
import type { Contract, FeedName } from '../../src-main/contract/contract'
import type { ItemOf } from '../../src-main/contract/define'
import { socketWire } from '../../src-main/wires/web-socket'
import { BrokerProcess } from '../support/broker'

let broker: BrokerProcess
let socket: WebSocket

beforeEach(async () => {
  broker = await BrokerProcess.start({ ui: true })
})
afterEach(async () => {
  socket.terminate()
  await broker.dispose()
})

/** What a page has: the contract over a WebSocket. */
async function openPage(): Promise<Client> {
  const url = new URL(broker.ready.ui ?? '')
  socket = new WebSocket(`ws://${url.host}/wire${url.search}`)
  await once(socket, 'open')
  return connect(socketWire(socket), (run) => run())
}

/** The first picture that fits. */
function picture<N extends FeedName>(
  page: Client,
  name: N,
  fits: (item: ItemOf<Contract[N]>) => boolean,
): Promise<ItemOf<Contract[N]>> {
  return new Promise((resolve, reject) => {
    const close = page.feed(name, undefined as never, {
      items(items) {
        const found = items.find(fits)
        if (found === undefined) return
        setImmediate(() => close())
        resolve(found)
      },
      failed: (message) => reject(new Error(message)),
    })
  })
}

const topicNames = async (page: Client) => (await picture(page, 'topics', () => true)).map(({ name }) => name)

describe('the demo', () => {
  it('gives every page something: messages, groups, transactions of both ends, a compacted topic, an error', async () => {
    const page = await openPage()
    await page.ask('demo.set', { running: true })
    await picture(page, 'groups', (groups) => groups.some(({ members }) => members >= 2))
    await picture(page, 'transactions', (lines) => lines.some(({ state }) => state === 'Ongoing'))
    const lines = await picture(
      page,
      'transactions',
      (all) => all.some(({ committed }) => committed > 0) && all.some(({ aborted }) => aborted > 0),
    )
    expect(lines.map(({ transactionalId }) => transactionalId).sort()).toEqual(['demo-till-1', 'demo-till-2'])
    const configs = await page.ask('topic.configs', { topic: 'demo-customers' })
    expect(configs.find(({ name }) => name === 'cleanup.policy')?.value).toBe('compact')
    const clients = await picture(page, 'clients', (all) =>
      all.some(({ lastError }) => lastError?.error === 'MESSAGE_TOO_LARGE'),
    )
    expect(clients.find(({ clientId }) => clientId === 'demo-shop')?.inBytesPerSecond).toBeGreaterThan(0)
  })

  it('is cleaned up before the broker ends', async () => {
    await (await openPage()).ask('demo.set', { running: true })
    expect(await broker.stop()).toBe(0)
    await broker.startAgain()
    const page = await openPage()
    expect(await picture(page, 'demo', () => true)).toMatchObject({ running: false, leftover: false })
    expect(await topicNames(page)).not.toContain('demo-orders')
  })

  it('plays again after a crash, and cleans up what the crash left', async () => {
    await (await openPage()).ask('demo.set', { running: true })
    await broker.kill()
    await broker.startAgain()
    let page = await openPage()
    expect(await picture(page, 'demo', () => true)).toMatchObject({ running: false, leftover: true })
    await page.ask('demo.set', { running: true })
    await broker.kill()
    await broker.startAgain()
    page = await openPage()
    await page.ask('demo.set', { running: false })
    expect(await picture(page, 'demo', () => true)).toMatchObject({ running: false, leftover: false })
    expect(await topicNames(page)).not.toContain('demo-orders')
  })

  it('leaves a topic alone that it did not make', async () => {
    const page = await openPage()
    await page.ask('topic.create', { topic: 'demo-orders', partitions: 1, configs: {} })
    await expect(page.ask('demo.set', { running: true })).rejects.toThrow('that the demo did not make')
    await page.ask('demo.set', { running: false })
    expect(await topicNames(page)).toEqual(['demo-orders'])
  })
})
