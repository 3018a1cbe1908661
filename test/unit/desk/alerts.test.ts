import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DeskNotice } from '../../../src-main/desk/home/notices'
import { batchOf, TestBroker, type TestClient } from '../../support/core'
import { TestDesk } from '../../support/desk'

let broker: TestBroker
let desk: TestDesk
let client: TestClient
let notices: DeskNotice[]
beforeEach(async () => {
  broker = new TestBroker()
  desk = new TestDesk(broker)
  client = broker.client()
  notices = []
  desk.desk.noticed((notice) => notices.push(notice))
  await client.create('orders', 1)
})
afterEach(async () => {
  await desk.dispose()
  await broker.dispose()
  expect(desk.faults).toEqual([])
})

const rule = { id: null, kind: 'lag', subject: 'app', threshold: 2, notifies: true, webhook: null } as const

const line = async () => {
  const { items, close } = await desk.watch('alerts', undefined)
  close()
  return items.at(-1)?.[0]
}

const commit = (offset: number) =>
  client.ask('OffsetCommit', 7, {
    groupId: 'app',
    topics: [
      {
        name: 'orders',
        partitions: [{ partitionIndex: 0, committedOffset: BigInt(offset), committedMetadata: '' }],
      },
    ],
  })

test('lag is told once when it begins, and again only after it ended', async () => {
  await desk.page.ask('alert.set', rule)
  await client.produce('orders', batchOf(['a', 'b']), 0)
  await commit(0)
  await desk.advance(1000)
  await expect.poll(line).toMatchObject({ since: null, value: 2 })
  await client.produce('orders', batchOf(['c']), 0)
  await desk.advance(1000)
  await expect.poll(line).toMatchObject({ since: broker.clock.now(), value: 3 })
  for (let second = 0; second < 5; second++) await desk.advance(1000)
  const alert = { kind: 'alert', title: 'Group app is 3 messages behind (more than 2)', view: '/groups/app' }
  expect(notices).toMatchObject([alert])
  await commit(3)
  await desk.advance(1000)
  await expect.poll(line).toMatchObject({ since: null, value: 0 })
  await commit(0)
  await desk.advance(1000)
  await expect.poll(() => notices.length).toBe(2)
  // It is kept in the workspace, and quiet when it is removed.
  await desk.dispose()
  desk = new TestDesk(broker)
  await expect.poll(line).toMatchObject({ id: 1, subject: 'app', since: null })
  await desk.page.ask('alert.remove', { id: 1 })
  expect(await line()).toBeUndefined()
})

test('silence, dead letters and errors of clients', async () => {
  await desk.page.ask('alert.set', { ...rule, kind: 'silence', subject: 'orders', threshold: 2 })
  await desk.page.ask('alert.set', { ...rule, kind: 'deadLetters', subject: 'orders', threshold: 1 })
  await desk.page.ask('alert.set', { ...rule, kind: 'errors', subject: '', threshold: 0 })
  const titles = () => notices.filter(({ kind }) => kind === 'alert').map(({ title }) => title)
  await desk.advance(1000)
  await client.produce('orders', batchOf(['a', 'b']), 0)
  await desk.advance(1000)
  await expect.poll(titles).toEqual(['Topic orders got 2 dead letters within a minute (more than 1)'])
  for (let second = 0; second < 125; second++) await desk.advance(1000)
  await expect.poll(titles).toContain('Topic orders got no message for 2 minutes')
  await client.produce('missing', batchOf(['x']), 0)
  await desk.advance(1000)
  await expect.poll(titles).toContain('1 errors of clients within a minute (more than 0)')
})

test('a webhook is called at the beginning and at the end, and tried three times', async () => {
  const bodies: string[] = []
  const answers = [500, 200, 200]
  const server: Server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += String(chunk)))
    request.on('end', () => {
      bodies.push(body)
      response.writeHead(answers.shift() ?? 500).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const webhook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  await desk.page.ask('alert.set', { ...rule, notifies: false, webhook })
  await client.produce('orders', batchOf(['a', 'b', 'c']), 0)
  await commit(0)
  await desk.advance(1000)
  await expect.poll(() => bodies.length).toBe(1)
  await expect
    .poll(async () => {
      await desk.advance(1000)
      return bodies.length
    })
    .toBe(2)
  expect(JSON.parse(bodies[1] ?? '')).toMatchObject({ state: 'began', kind: 'lag', subject: 'app', value: 3 })
  await expect.poll(line).toMatchObject({ called: { problem: null } })
  await commit(3)
  await desk.advance(1000)
  await expect.poll(() => bodies.length).toBe(3)
  expect(JSON.parse(bodies[2] ?? '')).toMatchObject({ state: 'ended', value: 0 })
  expect(notices).toEqual([])
  await commit(0)
  await expect
    .poll(
      async () => {
        await desk.advance(1000)
        return (await line())?.called?.problem
      },
      { timeout: 20_000 },
    )
    .toBe('it answered 500')
  expect(bodies).toHaveLength(6)
  server.closeAllConnections()
  server.close()
  await expect(desk.page.ask('alert.set', { ...rule, webhook: 'file:///etc/passwd' })).rejects.toThrow(
    'file:///etc/passwd is not an http or https address.',
  )
})
