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
  const over = { kind: 'alertOver', title: 'Over after 6 s: the lag of group app, at most 3', view: '/groups/app' }
  expect(notices).toMatchObject([alert, over])
  expect(await line()).toMatchObject({
    past: [{ since: broker.clock.now() - 6000, until: broker.clock.now(), most: 3 }],
    most: null,
  })
  await commit(0)
  await desk.advance(1000)
  await expect.poll(() => notices.length).toBe(3)
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

test('a webhook is called at the beginning and at the end, and tried four times', async () => {
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
  await expect.poll(line).toMatchObject({ called: { problem: null, tries: 2, nextAt: null } })
  await commit(3)
  await desk.advance(1000)
  await expect.poll(() => bodies.length).toBe(3)
  expect(JSON.parse(bodies[2] ?? '')).toMatchObject({
    state: 'ended',
    value: 0,
    text: expect.stringMatching(/^Over after \d+ s: the lag of group app, at most 3$/) as unknown,
  })
  expect(notices).toEqual([])
  await commit(0)
  await expect
    .poll(
      async () => {
        await desk.advance(1000)
        const called = (await line())?.called
        return called?.nextAt === null && called.problem
      },
      { timeout: 20_000, interval: 5 },
    )
    .toBe('it answered 500')
  expect(await line()).toMatchObject({ called: { tries: 4 } })
  expect(bodies).toHaveLength(7)
  server.closeAllConnections()
  server.close()
})

test('an alert is edited: one about the same goes on, one about another begins as quiet', async () => {
  await desk.page.ask('alert.set', rule)
  await client.produce('orders', batchOf(['a', 'b', 'c']), 0)
  await commit(0)
  await desk.advance(1000)
  const since = broker.clock.now()
  await expect.poll(line).toMatchObject({ since, value: 3 })
  await desk.page.ask('alert.set', { ...rule, id: 1, threshold: 1 })
  await desk.advance(1000)
  await expect.poll(line).toMatchObject({ since, threshold: 1 })
  expect(notices).toHaveLength(1)
  await desk.page.ask('alert.set', { ...rule, id: 1, threshold: 100 })
  await desk.advance(1000)
  await expect.poll(line).toMatchObject({ since: null, past: [{ since, most: 3 }] })
  await desk.page.ask('alert.set', { ...rule, id: 1, kind: 'deadLetters', subject: 'orders', threshold: 0 })
  await desk.advance(1000)
  await expect.poll(line).toMatchObject({ id: 1, kind: 'deadLetters', since: null, value: 0, past: [] })
})

test('an alert that is there already, one without a subject, and one that was removed are refused', async () => {
  await desk.page.ask('alert.set', rule)
  await desk.page.ask('alert.set', { ...rule, threshold: 20 })
  const refusal = (change: object) =>
    desk.page.ask('alert.set', { ...rule, ...change }).then(
      () => 'taken',
      (error: Error) => error.message,
    )
  expect(await refusal({ subject: ' app ', notifies: false })).toMatch(/^There is an alert with this group or topic/)
  expect(await refusal({ id: 2 })).toMatch(/^There is an alert with this group or topic/)
  expect(await refusal({ id: 1, notifies: false })).toBe('taken')
  expect(await refusal({ subject: ' ' })).toBe('An alert needs a group or a topic.')
  expect(await refusal({ id: 9 })).toBe('This alert was removed.')
})

test.each([
  ['file:///etc/passwd', 'The webhook is not an http or https address.'],
  ['no address: secret', 'The webhook is not an http or https address.'],
  [
    'http://169.254.169.254/latest/meta-data',
    'The webhook has a link-local or multicast address: that is not allowed.',
  ],
  ['http://2852039166/', 'The webhook has a link-local or multicast address: that is not allowed.'],
  ['http://[fe80::1]/', 'The webhook has a link-local or multicast address: that is not allowed.'],
  ['http://[::ffff:169.254.169.254]/', 'The webhook has a link-local or multicast address: that is not allowed.'],
])('%s cannot be a webhook', async (webhook, why) => {
  await expect(desk.page.ask('alert.set', { ...rule, webhook })).rejects.toThrow(why)
  await expect(desk.page.ask('alert.test', { webhook })).rejects.toThrow(why)
})

test('a test of a webhook tells its answer, or why there is none; a redirect is not followed', async () => {
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push(`${request.url} ${request.headers.authorization ?? ''}`)
    if (request.url === '/moved') response.writeHead(302, { location: '/' })
    response.end('thanks '.repeat(1000))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const at = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const test = (webhook: string) => desk.page.ask('alert.test', { webhook })
  const answer = await test(`http://me:secret@${at}/hook`)
  expect(answer).toMatchObject({ status: 200, text: 'thanks '.repeat(1000).slice(0, 1000) })
  expect(await test(`http://${at}/moved`)).toMatchObject({ status: 302 })
  expect(seen).toEqual([`/hook Basic ${Buffer.from('me:secret').toString('base64')}`, '/moved '])
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
  const problem = await test(`http://${at}/T0KEN`).catch((error: Error) => error.message)
  expect(problem).toContain('ECONNREFUSED')
  expect(problem).not.toContain('T0KEN')
})
