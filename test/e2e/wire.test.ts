import { once } from 'node:events'
import { connect } from 'node:net'
import { Kafka, logLevel, type Producer } from 'kafkajs'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { encodeRequest } from '../../src-main/protocol/frame'
import { BrokerProcess } from '../support/broker'
import { itNeeds } from '../support/require'
import { accessibilityProblems } from './axe'
import { chromiumPath, visit } from './page-host'

const needs = chromiumPath ? {} : { missing: 'no chromium' }

/** Sends one request, and waits for its answer or the end of the connection. */
async function send(port: number, frame: Buffer): Promise<void> {
  const length = Buffer.alloc(4)
  length.writeInt32BE(frame.length)
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(Buffer.concat([length, frame]))
  await Promise.race([once(socket, 'data'), once(socket, 'close')])
  socket.destroy()
}

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let pressed = 0; pressed < 80; pressed++) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error('Tab does not reach it')
}

describe('the wire', () => {
  let broker: BrokerProcess
  let browser: Browser
  let page: Page
  let producer: Producer
  let stop: () => Promise<void>
  const rows = () => page.getByRole('grid', { name: 'Requests and responses' }).locator('[role=rowgroup] [role=row]')

  beforeAll(async () => {
    if (!chromiumPath) return
    broker = await BrokerProcess.start({ ui: true })
    browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] })
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(broker.ready.ui ?? '')
    const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING, clientId: 'shop' })
    producer = kafka.producer()
    await producer.connect()
    await producer.send({ topic: 'orders', messages: [{ value: 'first' }] })
    const consumer = kafka.consumer({ groupId: 'app', heartbeatInterval: 200, maxWaitTimeInMs: 100 })
    await consumer.connect()
    await consumer.subscribe({ topic: 'orders' })
    await consumer.run({ eachMessage: async () => {} })
    stop = () => consumer.disconnect()
  })
  afterAll(async () => {
    await stop?.()
    await producer?.disconnect()
    await browser?.close()
    await broker?.dispose()
  })

  itNeeds([needs], 'noise is left out by a click, and rows hold still while one is open', async () => {
    await visit(page, 'wire')
    await rows().filter({ hasText: 'Heartbeat' }).first().waitFor()
    await page.getByRole('checkbox', { name: 'no noise' }).check()
    await expect
      .poll(() =>
        rows()
          .filter({ hasText: /Heartbeat|Fetch v/ })
          .count(),
      )
      .toBe(0)
    await producer.send({ topic: 'orders', messages: [{ value: 'seen' }] })
    await rows().filter({ hasText: 'Produce' }).first().waitFor()
    await rows().filter({ hasText: 'Produce' }).first().click()
    await page.getByRole('complementary', { name: /Produce/ }).waitFor()
    const before = await rows().first().textContent()
    await producer.send({ topic: 'orders', messages: [{ value: 'later' }] })
    const show = page.getByRole('button', { name: /^▲ \d+ new requests?: show/ })
    await show.waitFor()
    expect(await rows().first().textContent()).toBe(before)
    await show.click()
    await expect.poll(() => rows().first().textContent()).not.toBe(before)
    await expect.poll(() => page.evaluate(() => location.hash)).toBe('#/wire?quiet=')
    await page.keyboard.press('Escape')
    // The pointer alone holds them, for as long as it is there.
    await rows().nth(1).hover()
    const seen = await rows().allTextContents()
    const place = await rows().nth(1).boundingBox()
    for (let waiting = '', sent = 0; sent < 3; sent++) {
      await producer.send({ topic: 'orders', messages: [{ value: 'more' }] })
      await expect.poll(() => show.allTextContents()).not.toEqual(waiting === '' ? [] : [waiting])
      waiting = (await show.textContent()) ?? ''
    }
    expect(await rows().allTextContents()).toEqual(seen)
    expect(await rows().nth(1).boundingBox()).toEqual(place)
    await page.mouse.move(2, 2)
    await show.waitFor({ state: 'detached' })
    await expect.poll(() => rows().first().textContent()).not.toBe(seen[0])
  })

  itNeeds(
    [needs],
    'records are messages, a field marks its bytes and a byte its field, and errors have names',
    async () => {
      await rows().filter({ hasText: 'Produce' }).first().click()
      const pane = page.getByRole('complementary', { name: /Produce/ })
      await pane.getByRole('table', { name: '1 record' }).getByText('more').waitFor()
      await pane.getByText('0 NONE').waitFor()
      const fields = pane.getByRole('listbox', { name: 'Fields' }).first()
      const bytes = pane.getByRole('img', { name: 'Bytes' }).first()
      await fields.getByText('acks').click()
      await expect.poll(() => bytes.locator('[data-marked]').count()).toBe(2)
      await fields.focus()
      await page.keyboard.press('ArrowDown')
      await expect.poll(() => bytes.locator('[data-marked]').count()).toBe(4)
      await bytes.locator('[data-at="0"]').click()
      await fields.getByRole('option', { name: 'apiKey 0 Produce', selected: true }).waitFor()
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
      const copied = async (item: string) => {
        await pane.getByRole('button', { name: 'Copy' }).click()
        await page.getByRole('menuitem', { name: item }).click()
        await page.getByText(`Copied: ${item}.`).waitFor()
        return page.evaluate(() => navigator.clipboard.readText())
      }
      const place =
        (await pane
          .getByRole('link', { name: /^orders-0 at \d+$/ })
          .first()
          .textContent()) ?? ''
      expect(await copied('As kcat command')).toBe(
        `kcat -b ${broker.address} -C -t orders -p 0 -o ${place.replace(/\D+0 at /, '')} -c 1 -e`,
      )
      expect(await copied('As text')).toMatch(/^ {2}acks: -1 all$/m)
      expect(JSON.parse(await copied('As JSON'))).toMatchObject({ api: 'Produce', clientId: 'shop' })
      expect(await accessibilityProblems(page)).toEqual([])
      await page.keyboard.press('Escape')
    },
  )

  itNeeds([needs], 'words are excluded from a row, and what was captured is there after another page', async () => {
    await page.getByRole('checkbox', { name: 'no noise' }).uncheck()
    await rows().filter({ hasText: 'Heartbeat' }).first().click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Without Heartbeat' }).click()
    await expect.poll(() => page.getByLabel('Find a request').inputValue()).toBe('-api:Heartbeat')
    await expect.poll(() => rows().filter({ hasText: 'Heartbeat' }).count()).toBe(0)
    await page.getByLabel('Find a request').fill('api:Produce topic:orders')
    await expect.poll(() => rows().count()).toBeGreaterThan(1)
    const link = await page.evaluate(() => location.hash.slice(2))
    await visit(page, 'home')
    await page.getByRole('heading', { name: 'Kafka is running' }).waitFor()
    await visit(page, link)
    await expect.poll(() => rows().filter({ hasText: 'Produce' }).count()).toBeGreaterThan(1)
  })

  itNeeds([needs], 'a paused list stays as it is, and each of its rows can be opened', async () => {
    await visit(page, 'wire')
    await rows().filter({ hasText: 'Heartbeat' }).first().waitFor()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText('paused: nothing is captured').waitFor()
    // What was on its way when it was paused has come when this is answered.
    await producer.send({ topic: 'orders', messages: [{ value: 'unseen' }] })
    const seen = await rows().allTextContents()
    await producer.send({ topic: 'orders', messages: [{ value: 'unseen too' }] })
    expect(await rows().allTextContents()).toEqual(seen)
    await rows().nth(3).click()
    await page.getByRole('complementary').getByText('Correlation id').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.mouse.move(2, 2)
    await expect.poll(() => rows().first().textContent()).not.toBe(seen[0])
  })

  itNeeds(
    [needs],
    'a frame that cannot be read is a red row, its byte is marked, and the page says what to do',
    async () => {
      // Metadata 1 of a client `bad` that says it names 1,000 topics.
      const frame = Buffer.from('0003000100000007000362616400 0003e8'.replaceAll(' ', ''), 'hex')
      await send(broker.port, frame)
      await visit(page, 'home')
      await visit(page, 'wire?find=error:*')
      await rows().filter({ hasText: 'Metadata v1' }).filter({ hasText: '✕ cannot be decoded' }).click()
      const pane = page.getByRole('complementary', { name: 'Metadata v1' })
      await pane.getByText('1000 elements declared, 0 bytes left').first().waitFor()
      await pane.getByText('The marked byte is the first one that makes no sense').waitFor()
      const marked = pane.getByRole('img', { name: 'Bytes' }).locator('[data-broken]')
      expect([await marked.getAttribute('data-at'), await marked.textContent()]).toEqual(['13', '00'])
      await pane.getByRole('option', { name: 'clientId bad' }).waitFor()
      expect(await accessibilityProblems(page)).toEqual([])
      await page.keyboard.press('Escape')
    },
  )

  itNeeds([needs], 'an HTTP request is a row, also of a page that is opened later', async () => {
    await visit(page, 'home')
    const answer = fetch(`http://127.0.0.1:${broker.port}/`)
    await expect(answer).rejects.toThrow()
    await visit(page, 'wire')
    await rows().filter({ hasText: 'HTTP request' }).filter({ hasText: '✕ HTTP on the Kafka port' }).click()
    const pane = page.getByRole('complementary', { name: 'HTTP request' })
    await pane.getByText('Kafka clients need host:port without http://').waitFor()
    await page.keyboard.press('Escape')
  })

  itNeeds([needs], 'the filter is completed by keyboard, and what is wrong with it stands below', async () => {
    await visit(page, 'wire')
    const field = page.getByRole('combobox', { name: 'Find a request' })
    const options = page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option')
    await rows().filter({ hasText: 'Heartbeat' }).first().waitFor()
    await field.fill('')
    await field.pressSequentially('ap')
    await options.filter({ hasText: 'api:' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.keyboard.press('Tab')
    await expect.poll(() => field.inputValue()).toBe('api:')
    await field.pressSequentially('Heartb')
    await expect.poll(() => options.first().textContent()).toContain('Heartbeat')
    await page.keyboard.press('ArrowDown')
    const chosen = await field.getAttribute('aria-activedescendant')
    expect(await page.locator(`[id="${chosen}"]`).getAttribute('aria-selected')).toBe('true')
    await page.keyboard.press('Enter')
    await expect.poll(() => field.inputValue()).toBe('api:Heartbeat ')
    await expect.poll(() => rows().filter({ hasNotText: 'Heartbeat' }).count()).toBe(0)
    await field.pressSequentially('took>soon')
    await page.getByRole('alert').getByText('At character 15: took is a number, and “soon” is none.').waitFor()
    await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true')
    expect(await accessibilityProblems(page)).toEqual([])
    await page.keyboard.press('Escape')
    await expect.poll(() => options.count()).toBe(0)
    expect(await field.inputValue()).toBe('api:Heartbeat took>soon')
    await field.fill('api:Heartbeat')
    await page.keyboard.press('Escape')
    // With the list closed, Enter goes to the rows.
    await page.keyboard.press('Enter')
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('grid')
    await field.fill('')
  })

  itNeeds(
    [needs],
    'from a red row to the message, and from that to its producer and the group, by keyboard alone',
    async () => {
      // A member that the group does not know commits an offset: the row is red, and names the message.
      await visit(page, 'wire')
      await rows().filter({ hasText: 'Heartbeat' }).first().waitFor()
      const partitions = [{ partitionIndex: 0, committedOffset: 1n, committedMetadata: '' }]
      await send(
        broker.port,
        Buffer.concat(
          encodeRequest('OffsetCommit', 7, 9, 'shop', { groupId: 'app', topics: [{ name: 'orders', partitions }] }),
        ),
      )
      await visit(page, 'wire?find=error:* api:OffsetCommit')
      await rows().first().waitFor()
      await page.getByLabel('Find a request').focus()
      await page.keyboard.press('Enter')
      await page.keyboard.press('ArrowDown')
      const pane = page.getByRole('complementary', { name: /OffsetCommit/ })
      const link = pane.getByRole('link', { name: 'orders-0 at 1' })
      await link.waitFor()
      await tabTo(page, link)
      await page.keyboard.press('Enter')
      const message = page.getByRole('complementary', { name: 'Message 1 of partition 0' })
      await message.waitFor()
      await tabTo(page, message.getByRole('tab', { name: 'Metadata' }))
      await page.keyboard.press('Enter')
      const client = message.getByRole('link', { name: 'shop' }).first()
      await client.waitFor()
      await tabTo(page, client)
      await page.keyboard.press('Enter')
      await page.getByRole('complementary', { name: 'shop' }).waitFor()
      await page.goBack()
      await message.waitFor()
      await tabTo(page, message.getByRole('tab', { name: /Consumed/ }))
      await page.keyboard.press('Enter')
      const group = message.getByRole('link', { name: 'app' }).first()
      await group.waitFor()
      await tabTo(page, group)
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'app' }).waitFor()
      // The same by clicks.
      await visit(page, 'wire?find=error:* api:OffsetCommit')
      await rows().first().click()
      await link.click()
      await message.waitFor()
    },
  )
})
